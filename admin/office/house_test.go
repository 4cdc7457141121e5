package office

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"rowhouse/billing"
	"rowhouse/billing/rehearsal"
	"rowhouse/billing/shop"
	"rowhouse/data"
	"rowhouse/tenant"
	"rowhouse/ui/mail"
	"rowhouse/ui/session"
)

// password passes all checks.
const password = "seven brave purple otters"

// canary stands wherever a secret is kept.
const canary = "CANARYcanaryCANARY"

func schema() data.Schema {
	return data.Schema{{Name: "mail", Files: mail.Schema}, {Name: "session", Files: session.Schema}, {Name: "tenant", Files: tenant.Schema},
		{Name: "billing", Files: billing.Schema}, {Name: "rehearsal", Files: rehearsal.Schema}, {Name: "shop", Files: shop.Schema}}
}

// filled are rows with a secret in each column that no operator's script may read.
var filled = []string{
	`insert into tenant (id, uid, name, company, owner_name, owner_email, password_hash, state, plan, created_at)
		values (1, 'CANARYcanaryCANARY', 'acme', '{"a":1}', 'Ann', 'ann@acme.example', 'CANARYcanaryCANARY', 'active', 'pro', 1700000000123)`,
	`insert into hold values (1, 'manual', 'read_only', 'late', 1700000000000)`,
	`insert into step values (1, 'seed', 'done', 1, '', 1700000000000, 1700000001000)`,
	`insert into customer (id, email, name, address, phone, tax_id, created_at) values (1, 'ann@acme.example', 'Ann', 'CANARYcanaryCANARY', 'CANARYcanaryCANARY', 'CANARYcanaryCANARY', 1700000000000)`,
	`insert into method (id, customer, gateway, payer, ref, label, created_at) values (1, 1, 'stripe', 'CANARYcanaryCANARY', 'CANARYcanaryCANARY', 'CANARYcanaryCANARY', 0)`,
	`insert into coupon (id, code, percent, created_at) values (1, 'SPRING', 2000, 1700000000000)`,
	`insert into subscription (id, tenant, customer, plan, price, state, gateway, method, coupon, created_at) values (1, 1, 1, 2, 2, 'active', 'stripe', 1, 1, 1700000000000)`,
	`insert into invoice (id, number, kind, customer, subscription, state, currency, net, tax, total, paid, due_on, issued_at, paid_at, seller, buyer, policy, created_at)
		values (1, 'R-1', 'initial', 1, 1, 'paid', 'EUR', 2900, 551, 3451, 3451, 19700, 1700000000000, 1700000000000, 'CANARYcanaryCANARY', 'CANARYcanaryCANARY', 'CANARYcanaryCANARY', 1700000000000)`,
	`insert into line (invoice, kind, text, quantity, unit, amount, net, tax) values (1, 'plan', '123', 1, 2900, 2900, 2900, 551)`,
	`insert into credit_note (id, number, invoice, net, tax, reason, created_at) values (1, 'C-1', 1, 100, 19, 'kind', 1700000000000)`,
	`insert into payment (id, invoice, gateway, ref, amount, currency, at) values (1, 1, 'stripe', 'CANARYcanaryCANARY', 3451, 'EUR', 1700000000000)`,
	`insert into refund (id, key, payment, ref, amount, state, reason, actor, created_at) values (1, 'CANARYcanaryCANARY', 1, 'CANARYcanaryCANARY2', 119, 'done', 'kind', 'op', 1700000000000)`,
	`insert into outbox (id, key, recipient, subject, text, attach, due_at, created_at) values (1, 'CANARYcanaryCANARY', 'ann@acme.example', 'CANARYcanaryCANARY', 'CANARYcanaryCANARY', 'CANARYcanaryCANARY', 0, 1700000000000)`,
	`insert into audit (id, at, actor, act, tenant) values (1, 1700000000000, 'operator 1', 'tenant held', 'acme')`,
	`insert into usage_daily values (1, 19700, 'staff', 3)`,
	`insert into session (hash, person, created_at, seen_at, ip, agent) values ('CANARYcanaryCANARY', 1, 0, 0, '', '')`,
	`insert into gateway (name, keys) values ('stripe', cast('CANARYcanaryCANARY' as blob))`,
}

// fresh and opened are the bytes of a host's file before and after the back office was opened over it for the first time.
var fresh, opened = sync.OnceValues(makeFresh), sync.OnceValues(makeOpened)

func makeFresh() ([]byte, error) {
	dir, err := os.MkdirTemp("", "office")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "data.db")
	ctx := context.Background()
	db, err := data.Create(ctx, path)
	if err != nil {
		return nil, err
	}
	if err := schema().Migrate(ctx, db, nil); err != nil {
		return nil, err
	}
	err = db.Tx(ctx, func(tx *sql.Tx) error {
		for _, statement := range filled {
			if _, err := tx.Exec(statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

func makeOpened() ([]byte, error) {
	before, err := fresh()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "office")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := place(dir, before); err != nil {
		return nil, err
	}
	o, err := Open(context.Background(), dir, secret)
	if err != nil {
		return nil, err
	}
	if err := o.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, "host", "data.db"))
}

// place puts a host's file into its folder.
func place(dir string, file []byte) error {
	if err := os.MkdirAll(filepath.Join(dir, "host"), 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "host", "data.db"), file, 0o600)
}

// folder is a host's folder whose file has these bytes.
func folder(t testing.TB, bytes func() ([]byte, error)) string {
	t.Helper()
	file, err := bytes()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := place(dir, file); err != nil {
		t.Fatal(err)
	}
	return dir
}

func secret(purpose string) []byte {
	sum := sha256.Sum256([]byte("the host's own secret: " + purpose))
	return sum[:]
}

// openIn opens the back office in a folder, until the test ends.
func openIn(t testing.TB, dir string) *Office {
	t.Helper()
	o, err := Open(t.Context(), dir, secret)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	})
	return o
}

func house(t testing.TB) *Office { return openIn(t, folder(t, opened)) }

// hire makes an account; the first one is an owner's whatever it says.
func hire(t testing.TB, o *Office, email string, role Role) Account {
	t.Helper()
	a, err := o.Create(t.Context(), Account{Email: email, Name: "Somebody", Role: role})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// get asks the back office as an operator.
func get(o *Office, a Account, method, target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	o.Serve(w, httptest.NewRequest(method, target, nil), a)
	return w
}

// inside asks PocketBase itself, past all that stands in front of it.
func inside(o *Office, method, target, token string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(method, target, http.NoBody)
	if token != "" {
		r.Header.Set("Authorization", token)
	}
	o.inner.ServeHTTP(w, r)
	return w
}
