package paypal

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
)

const (
	certAddress = "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-a5cafa77"
	captured    = `{"id":"WH-1","event_type":"PAYMENT.CAPTURE.COMPLETED","create_time":"2026-05-11T11:59:00.000Z",  "summary":"<b> & more",
 "resource":{"id":"CAP1","custom_id":"inst1/att_77","supplementary_data":{"related_ids":{"order_id":"ORDER1"}}}}`
)

func TestAMessageOfPayPalIsHeardWithoutAskingPayPal(t *testing.T) {
	a := found(t, "messageverificationcerts.sandbox.paypal.com", noon.Add(time.Hour))
	f, g := listen(t, a)
	for range 3 {
		e, err := g.Hear(context.Background(), a.sign(t, captured), []byte(captured))
		want := gateway.Event{ID: "WH-1", Type: "PAYMENT.CAPTURE.COMPLETED", Topic: gateway.Paying, Attempt: "att_77", Install: "inst1",
			Ref: "ORDER1", Payment: "CAP1", At: noon.Add(-time.Minute)}
		if err != nil || e != want {
			t.Fatalf("%+v %v", e, err)
		}
	}
	if len(a.fetched) != 1 || len(f.calls) != 0 {
		t.Error(a.fetched, f.calls)
	}
}

func TestAForgedMessageIsRefused(t *testing.T) {
	a := found(t, "messageverificationcerts.sandbox.paypal.com", noon.Add(time.Hour))
	_, g := listen(t, a)
	for why, change := range map[string]func(http.Header){
		"other time":      func(h http.Header) { h.Set("Paypal-Transmission-Time", "2026-05-11T11:59:31Z") },
		"other number":    func(h http.Header) { h.Set("Paypal-Transmission-Id", "x") },
		"other signature": func(h http.Header) { h.Set("Paypal-Transmission-Sig", "AAAA") },
		"no base64":       func(h http.Header) { h.Set("Paypal-Transmission-Sig", "***") },
		"no signature":    func(h http.Header) { h.Del("Paypal-Transmission-Sig") },
		"live":            func(h http.Header) { h.Set("Paypal-Cert-Url", "https://api.paypal.com/v1/notifications/certs/CERT-1") },
	} {
		h := a.sign(t, captured)
		change(h)
		if _, err := g.Hear(context.Background(), h, []byte(captured)); !fault.Is(err, fault.Invalid) {
			t.Error(why, err)
		}
	}
	tampered := strings.Replace(captured, "att_77", "att_78", 1)
	if _, err := g.Hear(context.Background(), a.sign(t, captured), []byte(tampered)); !fault.Is(err, fault.Invalid) {
		t.Error("tampered:", err)
	}
	g.webhook = "8PT597110X687430L"
	if _, err := g.Hear(context.Background(), a.sign(t, captured), []byte(captured)); !fault.Is(err, fault.Invalid) {
		t.Error("of another webhook:", err)
	}
}

func TestACertificateIsOnlyFetchedFromPayPal(t *testing.T) {
	a := found(t, "messageverificationcerts.sandbox.paypal.com", noon.Add(time.Hour))
	f, g := listen(t, a)
	for _, address := range []string{"", "https://paypal.com.evil.example/c", "https://evilpaypal.com/c", "http://api.sandbox.paypal.com/c",
		"https://api.sandbox.paypal.com@evil.example/c", "https://user:pass@api.sandbox.paypal.com/c", "https://evil.example#.sandbox.paypal.com",
		"https://evil.example/?.sandbox.paypal.com", "https://evil.example\\.sandbox.paypal.com/", "https://api.sandbox.paypal.com:8443/c", "//api.sandbox.paypal.com/c",
		"https:api.sandbox.paypal.com", "file:///etc/hosts", "https://api.sandbox.paypal.com./c", "https://[::1]/.sandbox.paypal.com",
		"https://api.sandbox.paypal.com/" + strings.Repeat("x", 600), "https://127.0.0.1/.sandbox.paypal.com", "https://sandbox.paypal.com%00.evil.example/c"} {
		h := a.sign(t, captured)
		h.Set("Paypal-Cert-Url", address)
		if _, err := g.Hear(context.Background(), h, []byte(captured)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", address, err)
		}
	}
	if len(a.fetched) != 0 || len(f.calls) != 0 {
		t.Error(a.fetched, f.calls)
	}
}

func TestWithoutACertificatePayPalIsAskedWithTheVeryBytes(t *testing.T) {
	good := found(t, "messageverificationcerts.sandbox.paypal.com", noon.Add(time.Hour))
	old := found(t, "messageverificationcerts.sandbox.paypal.com", noon.Add(-time.Minute))
	other := found(t, "messages.evil.example", noon.Add(time.Hour))
	strange := found(t, "messageverificationcerts.sandbox.paypal.com", noon.Add(time.Hour))
	strange.roots = good.roots
	for why, a := range map[string]*authority{"away": good, "out of date": old, "another's": other, "of an unknown root": strange} {
		a.away = why == "away"
		f, g := listen(t, a)
		for status, want := range map[string]bool{"SUCCESS": true, "FAILURE": false} {
			f.refuse["/v1/notifications/verify-webhook-signature"] = answer{200, object{"verification_status": status}}
			_, err := g.Hear(context.Background(), a.sign(t, captured), []byte(captured))
			if want != (err == nil) || err != nil && !fault.Is(err, fault.Invalid) {
				t.Error(why, status, err)
			}
		}
		call := f.last(t, "/v1/notifications/verify-webhook-signature")
		if !strings.HasSuffix(call.body, `"webhook_event":`+captured+"}") || !strings.Contains(call.body, `"webhook_id":"`+webhookID+`"`) {
			t.Error("the bytes were changed:", call.body)
		}
		f.refuse["/v1/notifications/verify-webhook-signature"] = no(503, "SERVICE_UNAVAILABLE", "")
		if _, err := g.Hear(context.Background(), a.sign(t, captured), []byte(captured)); err == nil || fault.Is(err, fault.Invalid) {
			t.Error(why, "it could not be checked, which is not the same as forged:", err)
		}
	}
	if _, err := (signature{}).question([]byte(`{},"verification":{}`)); !fault.Is(err, fault.Invalid) {
		t.Error("more than one value goes into the question:", err)
	}
}

func TestOnlyAFewCertificatesAreKept(t *testing.T) {
	a := found(t, "messageverificationcerts.sandbox.paypal.com", noon.Add(time.Hour))
	_, g := listen(t, a)
	for i := range 50 {
		if _, err := g.certs.key(context.Background(), certAddress+strings.Repeat("x", i), noon); err != nil {
			t.Fatal(err)
		}
	}
	if len(g.certs.kept) != most || len(g.certs.order) != most {
		t.Error(len(g.certs.kept))
	}
	if _, err := g.certs.key(context.Background(), certAddress+strings.Repeat("x", 49), noon.Add(2*time.Hour)); err == nil {
		t.Error("a certificate that was kept is good for ever")
	}
	a.chain = bytes.Repeat([]byte("x"), gateway.Longest+1)
	if _, err := g.certs.key(context.Background(), certAddress+"/long", noon); err == nil {
		t.Error("an endless certificate is read")
	}
}

func TestEachSortOfMessageLeadsToWhatItIsAbout(t *testing.T) {
	a := found(t, "messageverificationcerts.sandbox.paypal.com", noon.Add(time.Hour))
	_, g := listen(t, a)
	up := `"links":[{"rel":"self","href":"https://api.paypal.com/v2/payments/refunds/REF1"},{"rel":"up","href":"https://api.paypal.com/v2/payments/captures/CAP1"}]`
	for _, c := range []struct {
		sort, resource string
		want           gateway.Event
	}{
		{"CHECKOUT.ORDER.APPROVED", `{"id":"ORDER1","status":"APPROVED","purchase_units":[{"custom_id":"inst1/att_77"}]}`,
			gateway.Event{Topic: gateway.Paying, Ref: "ORDER1", Attempt: "att_77", Install: "inst1"}},
		{"CHECKOUT.PAYMENT-APPROVAL.REVERSED", `{"order_id":"ORDER1","purchase_units":[{"custom_id":"inst1/att_77"}]}`,
			gateway.Event{Topic: gateway.Paying, Ref: "ORDER1", Attempt: "att_77", Install: "inst1"}},
		{"PAYMENT.CAPTURE.DENIED", `{"id":"CAP1","custom_id":"att_77"}`, gateway.Event{Topic: gateway.Paying, Payment: "CAP1", Attempt: "att_77"}},
		{"PAYMENT.CAPTURE.REFUNDED", `{"id":"REF1","custom_id":"inst1/att_77",` + up + `}`,
			gateway.Event{Topic: gateway.Refunded, Ref: "REF1", Payment: "CAP1", Attempt: "att_77", Install: "inst1"}},
		{"PAYMENT.CAPTURE.REVERSED", `{"id":"REF1",` + up + `}`, gateway.Event{Topic: gateway.Refunded, Ref: "REF1", Payment: "CAP1"}},
		{"CUSTOMER.DISPUTE.CREATED", `{"dispute_id":"PP-R-1","disputed_transactions":[{"seller_transaction_id":"CAP1","custom":"inst1/att_77"}]}`,
			gateway.Event{Topic: gateway.Disputed, Ref: "PP-R-1", Payment: "CAP1", Attempt: "att_77", Install: "inst1"}},
		{"VAULT.PAYMENT-TOKEN.CREATED", `{"id":"TOK1","customer":{"id":"CUST1"},"metadata":{"order_id":"ORDER1"},"payment_source":{"paypal":{"email_address":"a@b.c"}}}`,
			gateway.Event{Topic: gateway.Methods, Ref: "ORDER1", Method: &gateway.Method{Customer: "CUST1", Ref: "TOK1", Label: "PayPal a@b.c"}}},
		{"VAULT.PAYMENT-TOKEN.DELETED", `{"id":"TOK1"}`, gateway.Event{Topic: gateway.Methods, Gone: true, Method: &gateway.Method{Ref: "TOK1", Label: "PayPal"}}},
		{"BILLING.PLAN.CREATED", `{"id":"P-1"}`, gateway.Event{Topic: gateway.Nothing}},
	} {
		body := `{"id":"WH-1","event_type":"` + c.sort + `","create_time":"2026-05-11T12:00:00Z","resource":` + c.resource + `}`
		e, err := g.Hear(context.Background(), a.sign(t, body), []byte(body))
		c.want.ID, c.want.Type, c.want.At = "WH-1", c.sort, noon
		if m, w := e.Method, c.want.Method; m != nil && w != nil && *m == *w {
			e.Method, c.want.Method = nil, nil
		}
		if err != nil || e != c.want {
			t.Errorf("%s: %+v %v", c.sort, e, err)
		}
	}
}

func FuzzNoMessageBreaksTheEar(f *testing.F) {
	f.Add(captured, certAddress, "AAAA", "SHA256withRSA")
	f.Add(`{"id":"a","event_type":"CHECKOUT.","resource":{"purchase_units":[]}}`, "https://api.sandbox.paypal.com/%", "", "x")
	f.Add(`{"id":"a","event_type":"VAULT.PAYMENT-TOKEN.","resource":[]}`, "https://[", "==", "")
	a := found(f, "messageverificationcerts.sandbox.paypal.com", noon.Add(time.Hour))
	a.away = true
	g, err := New(keys(), gateway.Options{Client: &http.Client{Transport: a}, Now: func() time.Time { return noon }})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body, address, sum, algorithm string) {
		a.fetched = nil
		h := a.sign(t, body)
		h.Set("Paypal-Cert-Url", address)
		h.Set("Paypal-Transmission-Sig", sum)
		h.Set("Paypal-Auth-Algo", algorithm)
		if e, err := g.Hear(context.Background(), h, []byte(body)); err == nil {
			t.Error("an unchecked message is heard:", e)
		}
		for _, from := range a.fetched {
			if !strings.Contains(from, ".paypal.com/") && !strings.HasSuffix(from, ".paypal.com") && !strings.Contains(from, ".paypal.com?") {
				t.Error("something was fetched from", from)
			}
		}
		_, _ = about(message{ID: "a", Type: "PAYMENT.CAPTURE.REFUNDED", Resource: []byte(body)})
		_, _ = parse([]byte(body))
	})
}
