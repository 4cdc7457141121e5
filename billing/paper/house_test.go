package paper_test

import (
	"bytes"
	"context"
	"database/sql"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rowhouse/billing"
	"rowhouse/billing/gateway"
	"rowhouse/billing/rehearsal"
	"rowhouse/data"
	"rowhouse/data/clock"
	"rowhouse/tenant"
	"rowhouse/ui/mail"
)

// house is a host's books with one customer at a time.
type house struct {
	*testing.T
	*billing.Billing
	hand *clock.Hand
	desk *rehearsal.Desk
}

func newHouse(t *testing.T) *house {
	t.Helper()
	dir := t.TempDir()
	db, err := data.Create(t.Context(), filepath.Join(dir, "data.db"))
	h := &house{T: t, hand: clock.At(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))}
	h.must(err)
	t.Cleanup(func() { db.Close() })
	schema := data.Schema{{Name: "mail", Files: mail.Schema}, {Name: "tenant", Files: tenant.Schema}, {Name: "billing", Files: billing.Schema}, {Name: "rehearsal", Files: rehearsal.Schema}}
	h.must(schema.Migrate(t.Context(), db, nil))
	seal, err := billing.OpenSeal(dir)
	h.must(err)
	ts := &tenant.Tenants{DB: db, Dir: dir, Domain: "example.com", HTTPS: true, Clock: h.hand}
	h.desk = &rehearsal.Desk{DB: db, Clock: h.hand, Secret: "secret of the tests", Home: ts.Home}
	h.Billing = &billing.Billing{DB: db, Tenants: ts, Clock: h.hand, Seal: seal, Kinds: []gateway.Kind{h.desk.Kind()}, Inbox: true, Patience: time.Nanosecond}
	ts.Activated = h.Activated
	h.desk.Send = func(ctx context.Context, header http.Header, body []byte) error {
		return h.Hear(ctx, rehearsal.Name, header, body)
	}
	h.must(h.KeepGateway(t.Context(), rehearsal.Name, nil, true, "test"))
	h.must(h.KeepSeller(t.Context(), billing.Seller{Name: "Hidden Harbour GmbH", Address: "Am Kai 1\n20457 Hamburg", Country: "DE", TaxID: "DE123456789", Zone: "Europe/Berlin",
		Currency: "EUR", Prefix: "INV", Credits: "CN", Bank: "IBAN DE02 1001 0010 0006 8201 01", Note: "Thank you."}, "test"))
	h.exec(`insert into tax_rate (country, name, rate) values ('DE', 'USt.', 1900)`)
	return h
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) exec(query string, args ...any) {
	h.Helper()
	_, err := h.DB.Exec(h.Context(), query, args...)
	h.must(err)
}

// order buys Pro with two further seats and leaves the invoice open.
func (h *house) order(c billing.Customer) billing.Bought {
	h.Helper()
	plan, err := h.PlanBySlug(h.Context(), "pro")
	h.must(err)
	price, _ := plan.PriceFor("month")
	c.Email = "ada@acme.example"
	var bought billing.Bought
	h.must(h.DB.Tx(h.Context(), func(tx *sql.Tx) error {
		id, err := h.Tenants.Reserve(h.Context(), tx, tenant.Order{Name: "acme", Company: "Acme", OwnerName: "Ada", OwnerEmail: c.Email, Limits: plan.Limits(), Until: h.hand.Now().Add(time.Hour)})
		if err != nil {
			return err
		}
		bought, err = h.Buy(h.Context(), tx, billing.Purchase{Tenant: id, Customer: c, Plan: plan, Price: price, Seats: 2, Gateway: rehearsal.Name})
		return err
	}))
	return bought
}

// pay pays an invoice with a card.
func (h *house) pay(invoice int64) {
	h.Helper()
	page, err := h.Pay(h.Context(), invoice, rehearsal.Name)
	h.must(err)
	_, err = h.desk.Play(h.Context(), filepath.Base(page), rehearsal.DoPay, rehearsal.Works, rehearsal.Delivery{Times: 1})
	h.must(err)
	h.must(h.desk.Deliver(h.Context()))
	h.must(h.Listen(h.Context()))
}

// marks are the signs of direction that a reader puts into what it found.
var marks = strings.NewReplacer("\u202a", "", "\u202b", "", "\u202c", "", "\u200e", "", "\u200f", "", "\u2066", "", "\u2069", "")

// read returns the text that another program finds in a document, with single blanks.
func (h *house) read(content []byte) string {
	h.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		h.Skip("pdftotext is not installed (Debian: poppler-utils)")
	}
	file := filepath.Join(h.TempDir(), "document.pdf")
	h.must(os.WriteFile(file, content, 0o600))
	var said bytes.Buffer
	command := exec.Command(tool, "-enc", "UTF-8", "-layout", file, "-")
	command.Stderr = &said
	out, err := command.Output()
	if err != nil || said.Len() > 0 {
		h.Fatalf("pdftotext: %v: %s", err, said.String())
	}
	if keep := os.Getenv("KEEP_PAPER"); keep != "" {
		h.must(os.WriteFile(filepath.Join(keep, strings.ReplaceAll(h.Name(), "/", "-")+".pdf"), content, 0o600))
	}
	return strings.Join(strings.Fields(marks.Replace(string(out))), " ")
}

func (h *house) reads(content []byte, texts ...string) {
	h.Helper()
	found := h.read(content)
	for _, text := range texts {
		if !strings.Contains(found, text) {
			h.Errorf("%q does not read back from\n%s", text, found)
		}
	}
}
