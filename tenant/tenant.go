// Package tenant is a customer company of the host: its subdomain, its limits, its holds, its file,
// and its life from reserved to purged.
package tenant

import (
	"context"
	"crypto/rand"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"rowhouse/data"
	"rowhouse/data/clock"
	"rowhouse/data/fault"
	"rowhouse/ui/mail"
)

// Schema is the host's list of tenants.
//
//go:embed *.sql
var Schema embed.FS

// State is where a tenant stands in its life.
type State string

// The states, in the order of a life.
const (
	Reserved        State = "reserved"         // the name is held for a registration
	Provisioning    State = "provisioning"     // the file is being made
	ProvisionFailed State = "provision_failed" // making it was given up and can be run again
	Active          State = "active"           // served, as far as its access level goes
	Archived        State = "archived"         // closed, can be brought back
	Purged          State = "purged"           // gone; the row keeps the name from being taken
)

// Unlimited is a limit without end.
const Unlimited = -1

// Limits is what a tenant may use. Billing decides it; everybody else only reads it.
type Limits struct {
	Plan    string           // its name, for people
	Staff   int64            // active members of staff
	Room    int64            // bytes of files
	Modules []string         // "*" is every built-in module; custom ones begin with x_ and are named
	Records map[string]int64 // the most records by module; those not named are without end
}

// Tenant is one customer company.
type Tenant struct {
	ID                    int64
	UID, Name             string
	Company               string
	OwnerName, OwnerEmail string
	State                 State
	Level                 Level // what its subscription allows; the holds come on top
	Limits                Limits
	Language              string
	Demo                  int
	Damaged               string
	Version               int64  // how many migrations its file has run, as of its last opening
	Failure               string // why the last migration of its file did not work
	Created, Activated    time.Time
	Holds                 []Hold
}

// Newcomer is what the first member of staff of a new tenant is made of.
type Newcomer struct {
	Tenant
	PasswordHash string // empty: the owner gets a link to set a password
}

// CRM is what a tenant's file must be filled with; the CRM provides it, so that no import leads there.
type CRM struct {
	Schema   data.Schema
	Identify func(ctx context.Context, db *data.DB, n Newcomer) error          // owner and company, once
	Seed     func(ctx context.Context, db *data.DB, leads int) error           // example data, once
	Scrub    func(ctx context.Context, db *data.DB) error                      // ends sessions, links and letters of a copy
	Carry    func(ctx context.Context, from, to *data.DB) error                // takes over into a restored file what must not go back; may be nil
	Invite   func(ctx context.Context, db *data.DB) (secret string, err error) // the owner's link to set a password
	Smoke    func(ctx context.Context, name string) error                      // asks for the login page
}

// Tenants is the host's list of tenants.
type Tenants struct {
	DB       *data.DB
	Files    *data.Pool
	Dir      string // where tenants/, backups/, template/ and trash/ are
	Domain   string // example.com, with a port if it is not the ordinary one
	HTTPS    bool
	Clock    clock.Clock
	Template *data.Template
	CRM      CRM
	Brand    func(ctx context.Context) string
	// Welcome writes the letter to a new tenant's owner; link is where a password is set, or empty. Nil: there is none.
	Welcome func(ctx context.Context, tx *sql.Tx, t Tenant, link string) (mail.Letter, error)
	// Activated is told, in its transaction, that a tenant has become active. May be nil.
	Activated func(ctx context.Context, tx *sql.Tx, id int64) error

	running  sync.Map // ids of tenants whose provisioning runs in this process
	walk     walk
	restores sync.Map // ids of tenants that are being restored
	backing  backing
}

// URL is the address of a tenant's site, without a slash at its end.
func (ts *Tenants) URL(name string) string { return ts.scheme() + "://" + name + "." + ts.Domain }

// Home is the address of the host's site, without a slash at its end.
func (ts *Tenants) Home() string { return ts.scheme() + "://" + ts.Domain }

func (ts *Tenants) scheme() string {
	if ts.HTTPS {
		return "https"
	}
	return "http"
}

const columns = `id, uid, name, company, owner_name, owner_email, state, plan, level, staff_limit, room_limit, modules, records, language, demo, damaged, version, failure, created_at, coalesce(activated_at, 0)`

func scan(row interface{ Scan(...any) error }) (Tenant, error) {
	var t Tenant
	var level, modules, records string
	var created, activated int64
	err := row.Scan(&t.ID, &t.UID, &t.Name, &t.Company, &t.OwnerName, &t.OwnerEmail, &t.State, &t.Limits.Plan, &level, &t.Limits.Staff,
		&t.Limits.Room, &modules, &records, &t.Language, &t.Demo, &t.Damaged, &t.Version, &t.Failure, &created, &activated)
	if err != nil {
		return t, err
	}
	t.Level, t.Limits.Modules = LevelOf(level), strings.Split(modules, ",")
	t.Created = time.UnixMilli(created).UTC()
	if activated > 0 {
		t.Activated = time.UnixMilli(activated).UTC()
	}
	return t, json.Unmarshal([]byte(records), &t.Limits.Records)
}

// ByName returns a tenant and its holds. It is asked for every request, so the answer is kept until the host's file changes.
func (ts *Tenants) ByName(ctx context.Context, name string) (Tenant, error) {
	found, err := ts.DB.Memo("tenant/"+name, func() (any, error) {
		t, err := scan(ts.DB.QueryRow(ctx, `select `+columns+` from tenant where name = ?`, name))
		if err != nil {
			return t, err
		}
		t.Holds, err = ts.holds(ctx, t.ID)
		return t, err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return Tenant{}, fault.New(fault.Missing, "There is nobody at this address.")
	}
	if err != nil {
		return Tenant{}, fmt.Errorf("find tenant %s: %w", name, err)
	}
	return found.(Tenant), nil
}

// List returns the tenants in a state, or all of them, by name. after is the last name of the page before.
func (ts *Tenants) List(ctx context.Context, state State, after string, limit int) ([]Tenant, error) {
	rows, err := ts.DB.Query(ctx, `select `+columns+` from tenant where (? = '' or state = ?) and name > ? order by name limit ?`, state, state, after, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Tenant
	for rows.Next() {
		t, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, rows.Err()
}

// Order is a new tenant as somebody wants it.
type Order struct {
	Name, Company         string
	OwnerName, OwnerEmail string
	PasswordHash          string
	Language              string
	Limits                Limits
	Demo                  int
	Until                 time.Time // when the reservation ends
}

// Reserve holds a name for an order, in the caller's transaction. The schema decides between two who come at once.
func (ts *Tenants) Reserve(ctx context.Context, tx *sql.Tx, o Order) (int64, error) {
	if err := ts.CheckName(ctx, tx, o.Name); err != nil {
		return 0, err
	}
	if len(o.Limits.Modules) == 0 {
		o.Limits.Modules = []string{"*"}
	}
	if o.Language == "" {
		o.Language = "en"
	}
	done, err := tx.ExecContext(ctx, `insert into tenant (uid, name, company, owner_name, owner_email, password_hash, state, plan, staff_limit, room_limit, modules, language, demo, reserved_to, created_at)
		values (?, ?, ?, ?, ?, ?, 'reserved', ?, ?, ?, ?, ?, ?, ?, ?)`, rand.Text(), o.Name, o.Company, o.OwnerName, o.OwnerEmail, o.PasswordHash,
		o.Limits.Plan, o.Limits.Staff, o.Limits.Room, strings.Join(o.Limits.Modules, ","), o.Language, o.Demo, o.Until.UnixMilli(), ts.Clock.Now().UnixMilli())
	if data.Unique(err) {
		return 0, taken(o.Name)
	}
	if err != nil {
		return 0, fmt.Errorf("reserve %s: %w", o.Name, err)
	}
	return done.LastInsertId()
}

// Approve sends a reserved tenant into provisioning, in the caller's transaction: its order is paid or free.
// A second call changes nothing. The caller wakes Resume afterwards.
func (ts *Tenants) Approve(ctx context.Context, tx *sql.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, `update tenant set state = 'provisioning', tries = 0, due_at = 0, reserved_to = null where id = ? and state = 'reserved'`, id)
	return err
}

// Allow writes what a tenant may use, in billing's transaction.
func Allow(ctx context.Context, tx *sql.Tx, id int64, l Limits, level Level) error {
	records, err := json.Marshal(l.Records)
	if err != nil {
		return err
	}
	if l.Records == nil {
		records = []byte("{}")
	}
	_, err = tx.ExecContext(ctx, `update tenant set plan = ?, staff_limit = ?, room_limit = ?, modules = ?, records = ?, level = ? where id = ?`,
		l.Plan, l.Staff, l.Room, strings.Join(l.Modules, ","), string(records), level.String(), id)
	return err
}

// Includes tells whether the plan has a module. A star is all built-in ones: those that a host has uploaded, whose names
// begin with x_, are always named.
func (l Limits) Includes(module string) bool {
	return slices.Contains(l.Modules, module) || !strings.HasPrefix(module, "x_") && slices.Contains(l.Modules, "*")
}

// ExpireReservations frees the names of registrations that were never finished, and those that tenants had long ago.
func (ts *Tenants) ExpireReservations(ctx context.Context) error {
	now := ts.Clock.Now().UnixMilli()
	_, err := ts.DB.Exec(ctx, `delete from tenant where state = 'reserved' and reserved_to < ?`, now)
	if err != nil {
		return err
	}
	_, err = ts.DB.Exec(ctx, `delete from alias where until < ?`, now)
	return err
}

// Folder is where a tenant's file and uploads are.
func (ts *Tenants) Folder(name string) string { return filepath.Join(ts.Dir, "tenants", name) }

// markDamaged notes for the host why a tenant's file cannot be opened, and for the next opening that it can.
func (ts *Tenants) markDamaged(ctx context.Context, t Tenant, why string) {
	// Not as the caller knows it: its file may have been opened since.
	if now, err := ts.ByName(ctx, t.Name); err == nil && now.Damaged == why {
		return
	}
	if _, err := ts.DB.Exec(ctx, `update tenant set damaged = ? where id = ?`, why, t.ID); err != nil {
		slog.Error("damage not noted", "tenant", t.Name, "err", err)
	}
}
