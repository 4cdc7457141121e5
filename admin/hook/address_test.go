package hook

import (
	"database/sql"
	"net/http"
	"strings"
	"testing"

	"rowhouse/data/fault"
)

func TestAddressesOfTheHostsOwnNetworksAreRefused(t *testing.T) {
	h := newHouse(t)
	for _, bad := range []string{"", "example.com", "ftp://example.com", "http://example.com/", "https://", "https://u:p@example.com", "https://169.254.169.254/latest", "https://10.0.0.1", "https://[::1]x", "https://[fd00::1]/",
		"https://[::ffff:10.0.0.1]/", "https://100.64.0.1", "https://0.0.0.0", "https://192.168.1.1:8443/", "javascript:alert(1)", "https://exa mple.com/", "https://example.com/#x", "https://e.com/" + strings.Repeat("x", MaxURL)} {
		if _, err := h.Address(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	for _, good := range []string{"https://example.com/hook?key=1", "https://93.184.216.34/", "http://127.0.0.1:8000/x", "http://localhost:9/"} {
		if _, err := h.Address(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	h.Local = false
	for _, bad := range []string{"http://127.0.0.1/", "http://localhost/", "https://localhost/", "https://127.0.0.1", "https://[::1]/"} {
		if _, err := h.Address(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("outside of the demo %q: %v", bad, err)
		}
	}
}

func TestNothingIsSentToWhereANameOrARedirectLeads(t *testing.T) {
	h, inner := newHouse(t), newReceiver(t)
	front := newReceiver(t)
	front.answers(func(w http.ResponseWriter) {
		w.Header().Set("Location", inner.URL)
		w.WriteHeader(http.StatusTemporaryRedirect)
	})
	h.add(front.URL, "tenant.created")
	h.happen(1)
	if _, failed := h.run(); failed != 1 || front.heard() != 1 || inner.heard() != 0 {
		t.Error("a redirect was followed, or counts as delivered")
	}
	// Outside of the demo, a name that leads to this machine, as a name server could say at any time.
	h.Local = false
	h.exec(`delete from webhook`)
	h.exec(`insert into webhook (id, url, kinds, cursor, since, created_at) values (9, ?, '["tenant.created"]', (select max(id) from happening), 0, 0)`, strings.Replace(inner.URL, "127.0.0.1", "localhost", 1))
	h.tx(func(tx *sql.Tx) error { _, err := h.giveSecret(t.Context(), tx, 9); return err })
	h.happen(1)
	if _, failed := h.run(); failed != 1 || inner.heard() != 0 {
		t.Error("a name led to this machine")
	}
	list, err := h.Deliveries(t.Context(), 9, 1)
	must(t, err)
	if !strings.Contains(list[0].Error, "private network") {
		t.Error("the reason is", list[0].Error)
	}
}
