// Package crm is what a tenant's staff use at acme.example.com/admin.
package crm

import (
	"context"
	"database/sql"
	"io/fs"
	"slices"
	"strings"
	"time"

	"rowhouse/crm/contact"
	"rowhouse/crm/custom"
	"rowhouse/crm/customer"
	"rowhouse/crm/entity"
	"rowhouse/crm/lead"
	"rowhouse/crm/record"
	"rowhouse/crm/staff"
	"rowhouse/data"
	"rowhouse/data/clock"
	"rowhouse/tenant"
	"rowhouse/ui"
	"rowhouse/ui/live"
	"rowhouse/ui/mail"
	"rowhouse/ui/session"
)

// modules is every module of the CRM, in the order of the navigation. A new module is a new folder and a new line here.
var modules = []struct {
	Entity entity.Entity
	Schema fs.FS
}{
	{lead.Entity, lead.Schema},
	{customer.Entity, customer.Schema},
	{contact.Entity, contact.Schema},
}

// Entities are what the modules keep, in the order of the navigation.
func Entities() []entity.Entity {
	var all []entity.Entity
	for _, m := range modules {
		all = append(all, m.Entity)
	}
	return all
}

// Modules are the names by which plans know the modules.
func Modules() []string {
	var names []string
	for _, m := range modules {
		if !slices.Contains(names, m.Entity.Module) {
			names = append(names, m.Entity.Module)
		}
	}
	return names
}

// CRM serves the CRMs of all tenants.
type CRM struct {
	Clock   clock.Clock
	Cookies session.Cookies
	Hub     *live.Hub
	Home    string // the host's site
	// MayVisit tells whether an operator of the host may be in a CRM for support; nil: nobody is asked.
	MayVisit func(ctx context.Context, operator string) (bool, error)
	Use      func(ctx context.Context, name string) (*data.DB, func(), error)                   // a tenant's file, for work after a request
	Letters  func(ctx context.Context, db *data.DB, house string)                               // sends on what a tenant's file has posted
	Modules  func(ctx context.Context, keys []string) (*custom.Set, error)                      // the custom modules that a plan names; nil: there are none
	Public   []func(routes)                                                                     // pages for strangers, handed in
	Routes   []func(routes)                                                                     // further pages, handed in by those to the right
	Notices  func(ctx context.Context, site tenant.Site, look *ui.Look, admin bool) []ui.Notice // what the host announces; may be nil
}

// Schema is the schema of a tenant's file.
func Schema() data.Schema {
	s := data.Schema{{Name: "session", Files: session.Schema}, {Name: "mail", Files: mail.Schema}, {Name: "record", Files: record.Schema}, {Name: "staff", Files: staff.Schema}}
	for _, m := range modules {
		s = append(s, data.Part{Name: m.Entity.Name, Files: m.Schema})
	}
	return append(s, data.Part{Name: "custom", Files: custom.Installed})
}

// FillVersion changes whenever Fill does, so that no new tenant begins with what an older program filled in.
const FillVersion = "1"

// Fill writes the rows that every new CRM begins with: roles and lists.
func Fill(ctx context.Context, db *data.DB) error {
	return db.Tx(ctx, func(tx *sql.Tx) error {
		if err := fillRoles(ctx, tx); err != nil {
			return err
		}
		for _, c := range firstChoices {
			for i, row := range c.rows {
				label, kind, _ := strings.Cut(row.label, "|")
				_, err := tx.ExecContext(ctx, `insert into choice (list, label, hue, kind, position, main) values (?, ?, ?, ?, ?, ?)`, c.list, label, row.hue, kind, i+1, i == 0 && c.main)
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func fillRoles(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, `insert into role (id, name, admin) values (1, 'Administrator', 1), (2, 'Sales manager', 0), (3, 'Sales representative', 0)`); err != nil {
		return err
	}
	for _, m := range modules {
		_, err := tx.ExecContext(ctx, `insert into role_right (role, entity, view, edit, remove, make, export, import) values (2, ?, 3, 3, 3, 1, 1, 1), (3, ?, 1, 1, 0, 1, 0, 0)`,
			m.Entity.Name, m.Entity.Name)
		if err != nil {
			return err
		}
	}
	return nil
}

type firstChoice struct {
	label string // and behind | its kind
	hue   int
}

var firstChoices = []struct {
	list string
	main bool
	rows []firstChoice
}{
	{"lead.status", true, []firstChoice{{"New|open", 7}, {"Contacted|open", 6}, {"Qualified|open", 8}, {"Proposal|open", 1}, {"Won|won", 4}, {"Lost|lost", 0}, {"Junk|junk", 11}}},
	{"lead.source", false, []firstChoice{{"Website", 7}, {"Referral", 4}, {"Phone", 1}, {"Trade fair", 9}, {"Advertising", 10}, {"Partner", 5}}},
	{"lead.lost_reason", false, []firstChoice{{"Price", 0}, {"No budget", 1}, {"Chose another offer", 8}, {"No answer", 11}, {"Wrong moment", 6}}},
	{"customer.group", false, []firstChoice{{"Standard", 7}, {"Key account", 8}, {"Partner", 5}}},
}

// Identify makes a new file the tenant's: its settings and its owner.
func Identify(c clock.Clock) func(ctx context.Context, db *data.DB, n tenant.Newcomer) error {
	return func(ctx context.Context, db *data.DB, n tenant.Newcomer) error {
		first, last, _ := strings.Cut(n.OwnerName, " ")
		return db.Tx(ctx, func(tx *sql.Tx) error {
			// A try before this one may have come as far as here.
			if _, err := tx.ExecContext(ctx, `delete from staff`); err != nil {
				return err
			}
			for key, value := range map[string]string{"company.name": n.Company, "language": n.Language, "currency": "EUR", "zone": "UTC"} {
				if _, err := tx.ExecContext(ctx, `insert or replace into setting (key, value) values (?, ?)`, key, value); err != nil {
					return err
				}
			}
			return staff.First(ctx, tx, c.Now(), staff.New{Email: n.OwnerEmail, First: first, Last: last, Language: ""}, n.PasswordHash)
		})
	}
}

// Scrub takes out of a copied file what belongs to the original alone: sessions, links, letters on their way.
func Scrub(ctx context.Context, db *data.DB) error {
	return db.Tx(ctx, func(tx *sql.Tx) error {
		for _, q := range []string{`delete from session`, `delete from ticket`, `delete from attempt`, `delete from outbox`, `delete from support`} {
			if _, err := tx.ExecContext(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
}

// Carry takes over into a restored file what its owner has decided since, and what a backup must not undo: whether support may come.
func Carry(ctx context.Context, from, to *data.DB) error {
	access, err := staff.SupportOf(ctx, from)
	if err != nil {
		return err
	}
	_, err = to.Exec(ctx, `insert or replace into setting (key, value) values (?, ?)`, staff.SupportSetting, string(access))
	return err
}

// Clean does the daily tidying of one tenant's file: old sessions, and what has been in the trash too long.
func Clean(ctx context.Context, db *data.DB, now time.Time) error {
	entities := Entities()
	more, err := custom.Tables(ctx, db, entities)
	if err != nil {
		return err
	}
	entities = append(entities, more...)
	return db.Tx(ctx, func(tx *sql.Tx) error {
		if err := session.Clean(ctx, tx, now); err != nil {
			return err
		}
		return record.Purge(ctx, tx, entities, now)
	})
}

// included are the entities that a plan includes.
func included(l tenant.Limits) []entity.Entity {
	var list []entity.Entity
	for _, m := range modules {
		if l.Includes(m.Entity.Module) {
			list = append(list, m.Entity)
		}
	}
	return list
}
