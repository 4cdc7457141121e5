package office

import (
	"context"
	"database/sql"

	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // PocketBase's own tables

	"rowhouse/data"
)

// operators is the collection of the accounts.
const operators = "operators"

// migrate runs our migrations of PocketBase's part of the host's file. The list is our own:
// PocketBase's common one belongs to whatever else may be linked into the program.
func migrate(app *core.BaseApp) error {
	var ours core.MigrationsList
	ours.Register(withoutStrangers, nil, "rowhouse_0001_without_strangers")
	ours.Register(withOperators, nil, "rowhouse_0002_operators")
	_, err := core.NewMigrationsRunner(app, ours).Up()
	return err
}

// withoutStrangers removes the example collection, in which anybody could make an account,
// and lets the file itself refuse superusers.
func withoutStrangers(app core.App) error {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	if err := app.Delete(users); err != nil {
		return err
	}
	_, err = app.DB().NewQuery(`create trigger office_no_superuser before insert on _superusers begin
		select raise(abort, 'there are no superusers here'); end`).Execute()
	return err
}

// withOperators makes the collection of the accounts. All its rules are absent: PocketBase answers nobody about it.
func withOperators(app core.App) error {
	c := core.NewAuthCollection(operators)
	c.AuthRule = nil
	c.PasswordAuth.Enabled, c.OTP.Enabled, c.MFA.Enabled, c.OAuth2.Enabled, c.AuthAlert.Enabled = false, false, false, false, false
	c.AuthToken.Duration = int64(tokenLife.Seconds())
	c.Fields.GetByName("password").(*core.PasswordField).Cost = passwordCost
	least := 1.0
	c.Fields.Add(
		&core.NumberField{Name: "number", Required: true, OnlyInt: true, Min: &least},
		&core.TextField{Name: "name", Required: true, Max: maxName},
		&core.SelectField{Name: "role", Required: true, MaxSelect: 1, Values: []string{string(Owner), string(Billing), string(Support), string(ReadOnly)}},
		&core.SelectField{Name: "state", Required: true, MaxSelect: 1, Values: []string{"active", "inactive"}},
		&core.JSONField{Name: "networks", Hidden: true, MaxSize: 20_000},
		&core.TextField{Name: "factor", Hidden: true},
		&core.TextField{Name: "factor_new", Hidden: true},
		&core.NumberField{Name: "factor_step", Hidden: true, OnlyInt: true},
		&core.JSONField{Name: "recovery", Hidden: true, MaxSize: 5_000},
		&core.DateField{Name: "last_login", Hidden: true},
		&core.AutodateField{Name: "created", OnCreate: true},
	)
	c.AddIndex("operators_number", true, "number", "")
	c.AddIndex("operators_address", true, "email collate nocase", "")
	return app.Save(c)
}

// DropViews takes the back office's views out of the host's file, before a migration of the host's tables: SQLite refuses
// to rename a table or to drop a column while any view refers to something that is gone. Open makes them again.
func DropViews(ctx context.Context, db *data.DB) error {
	return db.Tx(ctx, func(tx *sql.Tx) error {
		var there bool
		err := tx.QueryRowContext(ctx, `select exists (select 1 from sqlite_schema where type = 'table' and name = '_collections')`).Scan(&there)
		if err != nil || !there {
			return err
		}
		names, err := viewNames(ctx, tx)
		if err != nil {
			return err
		}
		for _, name := range names {
			if _, err := tx.ExecContext(ctx, `drop view if exists "`+name+`"`); err != nil { // takes no parameter; PocketBase lets names be words only
				return err
			}
		}
		return nil
	})
}

func viewNames(ctx context.Context, tx *sql.Tx) ([]string, error) {
	rows, err := tx.QueryContext(ctx, `select c.name from _collections c join sqlite_schema s on s.name = c.name and s.type = 'view' where c.type = 'view'`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}
