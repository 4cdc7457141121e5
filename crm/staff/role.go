package staff

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"rowhouse/crm/record"
	"rowhouse/data"
	"rowhouse/data/fault"
)

// Role is a set of rights that people share.
type Role struct {
	ID    int64
	Name  string
	Admin bool // every right, and the settings
	Staff int  // how many have it
}

// Roles returns all roles, administrators first.
func Roles(ctx context.Context, db *data.DB) ([]Role, error) {
	rows, err := db.Query(ctx, `select id, name, admin, (select count(*) from staff where role = role.id) from role order by admin desc, id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Role
	for rows.Next() {
		var r Role
		if err := rows.Scan(&r.ID, &r.Name, &r.Admin, &r.Staff); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// Rights returns what a role may do, by entity.
func Rights(ctx context.Context, db *data.DB, role int64) (map[string]record.Right, error) {
	rows, err := db.Query(ctx, `select entity, view, edit, remove, make, export, import from role_right where role = ?`, role)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	rights := map[string]record.Right{}
	for rows.Next() {
		var name string
		var r record.Right
		if err := rows.Scan(&name, &r.View, &r.Edit, &r.Delete, &r.Create, &r.Export, &r.Import); err != nil {
			return nil, err
		}
		rights[name] = r
	}
	return rights, rows.Err()
}

// SaveRole keeps a role's name and rights; id 0 makes a new one. The administrators' rights are fixed.
func SaveRole(ctx context.Context, s *record.Store, id int64, name string, rights map[string]record.Right) (int64, error) {
	name = strings.TrimSpace(name)
	if name == "" || len([]rune(name)) > 60 {
		return 0, &fault.Fault{Kind: fault.Invalid, Format: "Please correct the marked fields.",
			Fields: map[string]error{"name": fault.New(fault.Invalid, "Please enter a name of at most %d characters.", 60)}}
	}
	err := s.DB.Tx(ctx, func(tx *sql.Tx) error {
		var err error
		if id == 0 {
			err = tx.QueryRowContext(ctx, `insert into role (name) values (?) returning id`, name).Scan(&id)
		} else {
			err = tx.QueryRowContext(ctx, `update role set name = ? where id = ? and admin = 0 returning id`, name, id).Scan(&id)
		}
		switch {
		case data.Unique(err):
			return fault.New(fault.Conflict, "There is a role called %s already.", name)
		case err == sql.ErrNoRows:
			return fault.New(fault.Denied, "Administrators have every right; this role cannot be changed.")
		case err != nil:
			return err
		}
		for entity, r := range rights {
			_, err := tx.ExecContext(ctx, `insert or replace into role_right (role, entity, view, edit, remove, make, export, import) values (?, ?, ?, ?, ?, ?, ?, ?)`,
				id, entity, r.View, min(r.Edit, r.View), min(r.Delete, r.View), r.Create, r.Export, r.Import)
			if err != nil {
				return err
			}
		}
		return note(ctx, tx, s.Now, s.Actor.ID, "role changed", id, name, s.IP)
	})
	if err != nil {
		return 0, fmt.Errorf("save role: %w", err)
	}
	return id, nil
}

// DeleteRole removes a role that nobody has.
func DeleteRole(ctx context.Context, s *record.Store, id int64) error {
	return s.DB.Tx(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `delete from role where id = ? and admin = 0 and not exists (select 1 from staff where role = role.id)`, id)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return fault.Because(err, fault.Conflict, "Only a role that nobody has can be deleted. Give these people another role first.")
		}
		return note(ctx, tx, s.Now, s.Actor.ID, "role deleted", id, "", s.IP)
	})
}

// Team is people who see each other's records where a role says so.
type Team struct {
	ID    int64
	Name  string
	Staff int
}

// Teams returns all teams by name.
func Teams(ctx context.Context, db *data.DB) ([]Team, error) {
	rows, err := db.Query(ctx, `select id, name, (select count(*) from staff where team = team.id) from team order by name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Team
	for rows.Next() {
		var t Team
		if err := rows.Scan(&t.ID, &t.Name, &t.Staff); err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, rows.Err()
}

// AddTeam makes a team.
func AddTeam(ctx context.Context, s *record.Store, name string) error {
	name = strings.TrimSpace(name)
	if name == "" || len([]rune(name)) > 60 {
		return fault.New(fault.Invalid, "Please enter a name of at most %d characters.", 60)
	}
	return s.DB.Tx(ctx, func(tx *sql.Tx) error {
		var id int64
		err := tx.QueryRowContext(ctx, `insert into team (name) values (?) returning id`, name).Scan(&id)
		if data.Unique(err) {
			return fault.New(fault.Conflict, "There is a team called %s already.", name)
		}
		if err != nil {
			return err
		}
		return note(ctx, tx, s.Now, s.Actor.ID, "team added", id, name, s.IP)
	})
}

// DeleteTeam removes a team; its people stay.
func DeleteTeam(ctx context.Context, s *record.Store, id int64) error {
	return s.DB.Tx(ctx, func(tx *sql.Tx) error {
		var name string
		err := tx.QueryRowContext(ctx, `delete from team where id = ? returning name`, id).Scan(&name)
		if err == sql.ErrNoRows {
			return fault.New(fault.Missing, "This team does not exist any more.")
		}
		if err != nil {
			return err
		}
		return note(ctx, tx, s.Now, s.Actor.ID, "team deleted", id, name, s.IP)
	})
}
