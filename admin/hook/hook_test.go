package hook

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

// valid checks a signature as a receiver does.
func valid(signature, body, secret string) bool {
	parts := strings.Split(signature, ",")
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(strings.TrimPrefix(parts[0], "t=") + "." + body))
	want := "v1=" + hex.EncodeToString(mac.Sum(nil))
	for _, p := range parts[1:] {
		if p == want {
			return true
		}
	}
	return false
}

func TestAMessageIsSignedAndNamesNobody(t *testing.T) {
	h, r := newHouse(t), newReceiver(t)
	id, secret := h.add(r.URL, "tenant.created")
	h.happen(1)
	h.run()
	if r.heard() != 1 {
		t.Fatalf("%d messages came", r.heard())
	}
	head, body := r.got[0].Header, r.bodies[0]
	if s := head.Get("Rowhouse-Signature"); !valid(s, body, secret) || !strings.HasPrefix(s, "t=1793534400,v1=") {
		t.Errorf("the signature %q is wrong", s)
	}
	if head.Get("Rowhouse-Event") != "tenant.created" || head.Get("Rowhouse-Delivery") != "1" || r.got[0].Method != http.MethodPost {
		t.Error("the headers are", head)
	}
	var m map[string]any
	must(t, json.Unmarshal([]byte(body), &m))
	if m["id"] != "evt_1" || m["kind"] != "tenant.created" || m["tenant"] == "" || m["data"] == nil || len(m) != 5 {
		t.Error("the body is", body)
	}
	if strings.Contains(body, "Ada") || strings.Contains(body, "ada@") {
		t.Error("the body names a person:", body)
	}
	list, err := h.Deliveries(t.Context(), id, 10)
	must(t, err)
	if len(list) != 1 || list[0].State != "sent" || list[0].Status != 200 || string(list[0].Body()) != body {
		t.Errorf("what is kept is %+v", list)
	}
	if h.run(); r.heard() != 1 {
		t.Error("it is told twice")
	}
}

func TestANewSecretLeavesTheOldOneADay(t *testing.T) {
	h, r := newHouse(t), newReceiver(t)
	id, old := h.add(r.URL, "tenant.created")
	var fresh string
	h.tx(func(tx *sql.Tx) (err error) { fresh, err = h.Renew(t.Context(), tx, id); return err })
	h.happen(1)
	h.run()
	s := r.got[0].Header.Get("Rowhouse-Signature")
	if !valid(s, r.bodies[0], old) || !valid(s, r.bodies[0], fresh) || strings.Count(s, "v1=") != 2 || old == fresh {
		t.Error("on the first day the signatures are", s)
	}
	h.hand.Add(25 * time.Hour)
	h.happen(1)
	h.run()
	s = r.got[1].Header.Get("Rowhouse-Signature")
	if valid(s, r.bodies[1], old) || !valid(s, r.bodies[1], fresh) {
		t.Error("after a day the signatures are", s)
	}
}

func TestASecretIsNowhereInClear(t *testing.T) {
	h, r := newHouse(t), newReceiver(t)
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	_, secret := h.add(r.URL+"/hidden-in-the-address", "tenant.created")
	h.happen(1)
	r.Close()
	h.run()
	if h.inClear(secret) || h.inClear(strings.TrimPrefix(secret, secretMark)) {
		t.Error("the file holds the secret")
	}
	if log.Len() == 0 || strings.Contains(log.String(), secret) || strings.Contains(log.String(), "hidden-in-the-address") {
		t.Errorf("the log says %q", log.String())
	}
}
