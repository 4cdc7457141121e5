package account

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"rowhouse/billing"
	"rowhouse/billing/gateway"
	"rowhouse/billing/offline"
	"rowhouse/billing/rehearsal"
	"rowhouse/crm/contact"
	"rowhouse/crm/customer"
	"rowhouse/crm/lead"
	"rowhouse/crm/record"
	"rowhouse/crm/staff"
	"rowhouse/data"
	"rowhouse/data/clock"
	"rowhouse/tenant"
	"rowhouse/ui"
	"rowhouse/ui/mail"
	"rowhouse/ui/session"
)

// The people of every test's CRM.
const (
	owner  = 1 // administrator
	seller = 2 // representative
)

// house is a host's books with tenants, each with its own file and people.
type house struct {
	*testing.T
	*billing.Billing
	hand  *clock.Hand
	desk  *rehearsal.Desk
	files map[string]*data.DB
	mux   *http.ServeMux
	words *ui.Words
}

func newHouse(t *testing.T) *house {
	t.Helper()
	dir := t.TempDir()
	h := &house{T: t, hand: clock.At(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)), files: map[string]*data.DB{}, mux: http.NewServeMux(), words: ui.English}
	schema := data.Schema{{Name: "mail", Files: mail.Schema}, {Name: "tenant", Files: tenant.Schema}, {Name: "billing", Files: billing.Schema}, {Name: "rehearsal", Files: rehearsal.Schema}}
	db := h.create(filepath.Join(dir, "data.db"), schema)
	seal, err := billing.OpenSeal(dir)
	h.must(err)
	ts := &tenant.Tenants{DB: db, Dir: dir, Domain: "example.com", HTTPS: true, Clock: h.hand}
	h.desk = &rehearsal.Desk{DB: db, Clock: h.hand, Secret: "secret of the tests", Home: ts.Home}
	h.Billing = &billing.Billing{DB: db, Tenants: ts, Clock: h.hand, Seal: seal, Kinds: []gateway.Kind{h.desk.Kind(), offline.Kind()}, Inbox: true, Patience: time.Nanosecond}
	ts.Activated = h.Activated
	h.desk.Send = func(ctx context.Context, header http.Header, body []byte) error {
		return h.Hear(ctx, rehearsal.Name, header, body)
	}
	h.must(h.KeepGateway(t.Context(), rehearsal.Name, nil, true, "test"))
	h.must(h.KeepGateway(t.Context(), offline.Name, gateway.Keys{"instructions": "IBAN XX00"}, true, "test"))
	New(h.Billing).Routes(h.mux)
	return h
}

func (h *house) create(path string, schema data.Schema) *data.DB {
	h.Helper()
	db, err := data.Create(h.Context(), path)
	h.must(err)
	h.Cleanup(func() { db.Close() })
	h.must(schema.Migrate(h.Context(), db, nil))
	return db
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) exec(db *data.DB, query string, args ...any) {
	h.Helper()
	_, err := db.Exec(h.Context(), query, args...)
	h.must(err)
	db.Forget()
}

func (h *house) count(query string, args ...any) (n int64) {
	h.Helper()
	h.must(h.DB.QueryRow(h.Context(), query, args...).Scan(&n))
	return n
}

// open makes a tenant with an owner, a representative and a colleague, without a plan.
func (h *house) open(name string) {
	h.Helper()
	h.must(h.DB.Tx(h.Context(), func(tx *sql.Tx) error {
		plan, err := h.PlanBySlug(h.Context(), "pro")
		if err != nil {
			return err
		}
		id, err := h.Tenants.Reserve(h.Context(), tx, tenant.Order{Name: name, Company: "Company " + name, OwnerName: "Ada", OwnerEmail: name + "@example.org", Limits: plan.Limits(), Until: h.hand.Now().Add(time.Hour)})
		if err == nil {
			_, err = tx.ExecContext(h.Context(), `update tenant set state = 'active' where id = ?`, id)
		}
		return err
	}))
	schema := data.Schema{{Name: "session", Files: session.Schema}, {Name: "mail", Files: mail.Schema}, {Name: "record", Files: record.Schema},
		{Name: "staff", Files: staff.Schema}, {Name: "lead", Files: lead.Schema}, {Name: "customer", Files: customer.Schema}, {Name: "contact", Files: contact.Schema}}
	db := h.create(filepath.Join(h.Tenants.Dir, name+".db"), schema)
	h.exec(db, `insert into role (id, name, admin) values (1, 'Administrators', 1), (2, 'Sales', 0)`)
	h.exec(db, `insert into staff (id, email, first, last, role, state, owner, created_at) values (1, 'ada@acme.example', 'Ada', 'Ortiz', 1, 'active', 1, 0),
		(2, 'sam@acme.example', 'Sam', 'Weber', 2, 'active', 0, 0), (3, 'kim@acme.example', 'Kim', 'Khan', 2, 'active', 0, 0), (4, 'jo@acme.example', 'Jo', 'Yamada', 2, 'active', 0, 0)`)
	h.files[name] = db
}

// buy gives a tenant Pro by month, paid with a card that behaves in a way later on.
func (h *house) buy(name string, card rehearsal.Behaviour) billing.Subscription {
	h.Helper()
	h.open(name)
	site, err := h.Tenants.ByName(h.Context(), name)
	h.must(err)
	plan, err := h.PlanBySlug(h.Context(), "pro")
	h.must(err)
	price, _ := plan.PriceFor("month")
	var bought billing.Bought
	h.must(h.DB.Tx(h.Context(), func(tx *sql.Tx) error {
		c := billing.Customer{Email: name + "@example.org", Name: "Ada", Company: "Company " + name}
		bought, err = h.Buy(h.Context(), tx, billing.Purchase{Tenant: site.ID, Customer: c, Plan: plan, Price: price, Gateway: rehearsal.Name})
		return err
	}))
	h.play(bought.Invoice.ID, card)
	return h.sub(name)
}

func (h *house) play(invoice int64, card rehearsal.Behaviour) {
	h.Helper()
	pay, err := h.Pay(h.Context(), invoice, rehearsal.Name)
	h.must(err)
	_, err = h.desk.Play(h.Context(), filepath.Base(pay), rehearsal.DoPay, card, rehearsal.Delivery{Times: 1})
	h.must(err)
	h.work()
}

func (h *house) work() {
	h.Helper()
	h.must(errors.Join(h.desk.Deliver(h.Context()), h.Listen(h.Context())))
}

func (h *house) days(n int) {
	h.Helper()
	for range n {
		h.hand.Add(24 * time.Hour)
		h.must(h.Turn(h.Context()))
		h.work()
	}
}

func (h *house) sub(name string) billing.Subscription {
	h.Helper()
	site, err := h.Tenants.ByName(h.Context(), name)
	h.must(err)
	s, err := h.SubscriptionOf(h.Context(), site.ID)
	h.must(err)
	return s
}

func (h *house) site(name string) tenant.Site {
	h.Helper()
	t, err := h.Tenants.ByName(h.Context(), name)
	h.must(err)
	level, hold := t.Access()
	return tenant.Site{Tenant: t, DB: h.files[name], Access: level, Hold: hold, Folder: h.Tenants.Dir, URL: h.Tenants.URL(name)}
}
