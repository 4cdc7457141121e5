package stripe

import (
	"context"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v76/webhook"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
)

const completed = `{"id":"evt_1","object":"event","api_version":"2026-08-26.dahlia","created":1778500000,"livemode":false,
"type":"checkout.session.completed","data":{"object":{"id":"cs_test_1","object":"checkout.session","client_reference_id":"att_77",
"payment_intent":"pi_1","metadata":{"install":"inst1","attempt":"att_77","invoice":"2026-0042"}}}}`

func sign(body, secret string, at time.Time) http.Header {
	sum := hex.EncodeToString(webhook.ComputeSignature(at, []byte(body), secret))
	return http.Header{"Stripe-Signature": {fmt.Sprintf("t=%d,v1=%s,v0=00", at.Unix(), sum)}}
}

func TestAMessageOfStripeIsHeard(t *testing.T) {
	_, g := serve(t)
	for _, secret := range []string{testSecret, oldSecret} {
		e, err := g.Hear(context.Background(), sign(completed, secret, noon.Add(-4*time.Minute)), []byte(completed))
		want := gateway.Event{ID: "evt_1", Type: "checkout.session.completed", Topic: gateway.Paying, Attempt: "att_77", Ref: "cs_test_1",
			Payment: "pi_1", Install: "inst1", At: time.Unix(1778500000, 0).UTC()}
		if err != nil || e != want {
			t.Errorf("%+v %v", e, err)
		}
	}
	both := sign(completed, "whsec_unknown00000", noon).Get("Stripe-Signature") + "," +
		strings.SplitN(sign(completed, testSecret, noon).Get("Stripe-Signature"), ",", 2)[1]
	if _, err := g.Hear(context.Background(), http.Header{"Stripe-Signature": {both}}, []byte(completed)); err != nil {
		t.Error("while a secret is changed there are two signatures:", err)
	}
}

func TestAForgedOrOldMessageIsRefused(t *testing.T) {
	_, g := serve(t)
	good := sign(completed, testSecret, noon)
	for why, c := range map[string]struct {
		header http.Header
		body   string
	}{
		"tampered":       {good, strings.Replace(completed, "att_77", "att_78", 1)},
		"other secret":   {sign(completed, "whsec_unknown00000", noon), completed},
		"too old":        {sign(completed, testSecret, noon.Add(-301*time.Second)), completed},
		"of the future":  {sign(completed, testSecret, noon.Add(301*time.Second)), completed},
		"not signed":     {http.Header{}, completed},
		"empty":          {http.Header{"Stripe-Signature": {"t=,v1="}}, completed},
		"other time":     {http.Header{"Stripe-Signature": {strings.Replace(good.Get("Stripe-Signature"), "t=", "t=1", 1)}}, completed},
		"other livemode": signedAs(strings.Replace(completed, `"livemode":false`, `"livemode":true`, 1)),
		"other account":  signedAs(strings.Replace(completed, `"object":"event"`, `"account":"acct_2"`, 1)),
		"rubbish":        signedAs("rubbish"),
		"nothing":        signedAs(`{}`),
		"no object":      signedAs(`{"id":"evt_1","type":"charge.refunded"}`),
		"odd object":     signedAs(`{"id":"evt_1","type":"charge.refunded","data":{"object":{"metadata":7}}}`),
	} {
		if e, err := g.Hear(context.Background(), c.header, []byte(c.body)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s is heard: %+v %v", why, e, err)
		}
	}
	deaf, _ := New(gateway.Keys{"secret_key": testKey}, gateway.Options{Now: func() time.Time { return noon }})
	if _, err := deaf.Hear(context.Background(), sign(completed, "", noon), []byte(completed)); !fault.Is(err, fault.Invalid) {
		t.Error("without a secret everything is believed:", err)
	}
}

func signedAs(body string) struct {
	header http.Header
	body   string
} {
	return struct {
		header http.Header
		body   string
	}{sign(body, testSecret, noon), body}
}

func TestEachSortOfMessageLeadsToWhatItIsAbout(t *testing.T) {
	_, g := serve(t)
	marked := `"metadata":{"install":"inst1","attempt":"att_77"}`
	for _, c := range []struct {
		sort, object, previous string
		want                   gateway.Event
	}{
		{"payment_intent.payment_failed", `{"id":"pi_1",` + marked + `}`, "null",
			gateway.Event{Topic: gateway.Paying, Ref: "pi_1", Payment: "pi_1", Attempt: "att_77", Install: "inst1"}},
		{"setup_intent.succeeded", `{"id":"seti_1",` + marked + `}`, "null",
			gateway.Event{Topic: gateway.Paying, Ref: "seti_1", Attempt: "att_77", Install: "inst1"}},
		{"charge.refunded", `{"id":"ch_1","payment_intent":"pi_1",` + marked + `}`, "null",
			gateway.Event{Topic: gateway.Refunded, Payment: "pi_1", Attempt: "att_77", Install: "inst1"}},
		{"charge.refund.updated", `{"id":"re_1","charge":"ch_1","payment_intent":{"id":"pi_1"}}`, "null",
			gateway.Event{Topic: gateway.Refunded, Ref: "re_1", Payment: "pi_1"}},
		{"refund.created", `{"id":"re_1","charge":"ch_1","payment_intent":null}`, "null",
			gateway.Event{Topic: gateway.Refunded, Ref: "re_1", Payment: "ch_1"}},
		{"charge.dispute.closed", `{"id":"du_1","charge":"ch_1","payment_intent":"pi_1"}`, "null",
			gateway.Event{Topic: gateway.Disputed, Ref: "du_1", Payment: "pi_1"}},
		{"payment_method.automatically_updated", `{"id":"pm_1","customer":"cus_1","type":"card","card":{"brand":"amex","last4":"0005","exp_month":1,"exp_year":2031}}`, "null",
			gateway.Event{Topic: gateway.Methods, Ref: "pm_1", Method: &gateway.Method{Customer: "cus_1", Ref: "pm_1", Label: "American Express •••• 0005", Month: 1, Year: 2031}}},
		{"payment_method.detached", `{"id":"pm_1","customer":null,"type":"sepa_debit","sepa_debit":{"last4":"3000"}}`, `{"customer":"cus_1"}`,
			gateway.Event{Topic: gateway.Methods, Gone: true, Ref: "pm_1", Method: &gateway.Method{Customer: "cus_1", Ref: "pm_1", Label: "SEPA •••• 3000"}}},
		{"customer.deleted", `{"id":"cus_1"}`, "null",
			gateway.Event{Topic: gateway.Methods, Gone: true, Ref: "cus_1", Method: &gateway.Method{Customer: "cus_1"}}},
		{"invoice.created", `{"id":"in_1"}`, "null", gateway.Event{Topic: gateway.Nothing, Ref: "in_1"}},
	} {
		body := fmt.Sprintf(`{"id":"evt_1","type":%q,"created":1778500000,"data":{"object":%s,"previous_attributes":%s}}`, c.sort, c.object, c.previous)
		e, err := g.Hear(context.Background(), sign(body, testSecret, noon), []byte(body))
		c.want.ID, c.want.Type, c.want.At = "evt_1", c.sort, time.Unix(1778500000, 0).UTC()
		if m, w := e.Method, c.want.Method; m != nil && w != nil && *m == *w {
			e.Method, c.want.Method = nil, nil
		}
		if err != nil || e != c.want {
			t.Errorf("%s: %+v %v", c.sort, e, err)
		}
	}
}

func TestWhatWasMissedComesOldestFirstAndEndsAtAThousand(t *testing.T) {
	f, g := serve(t)
	for i := range 1150 {
		f.keep("events", object{"id": fmt.Sprint("evt_", i), "object": "event", "type": "payment_intent.succeeded", "created": i,
			"data": object{"object": object{"id": "pi_1", "metadata": object{"attempt": "att_77"}}}})
	}
	heard, err := g.Missed(context.Background(), noon)
	if err != nil || len(heard) != 1000 || heard[0].ID != "evt_150" || heard[999].ID != "evt_1149" || heard[0].Attempt != "att_77" {
		t.Fatal(len(heard), err)
	}
	call := f.last(t, "/v1/events").form
	if call.Get("created[gte]") != fmt.Sprint(noon.Unix()) || call.Get("types[0]") != "checkout.session.completed" || len(events()) > 20 {
		t.Error(call)
	}
}

func FuzzNoMessageBreaksTheEar(f *testing.F) {
	f.Add(completed, "t=1,v1=00")
	f.Add(`{"id":"e","type":"payment_method.detached","data":{"object":{"customer":"","type":"x"},"previous_attributes":{"customer":1}}}`, "")
	f.Add(`{"id":"e","type":"refund.created","data":{"object":{"payment_intent":[],"charge":"\"}}}`, "t=,,,v1")
	f.Add(`[[[[`, strings.Repeat("v1=00,", 100))
	g, err := New(gateway.Keys{"secret_key": testKey, "webhook_secret": testSecret}, gateway.Options{Now: func() time.Time { return noon }})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body, header string) {
		if _, err := g.Hear(context.Background(), http.Header{"Stripe-Signature": {header}}, []byte(body)); err == nil {
			t.Error("a forged message is heard")
		}
		if _, err := g.Hear(context.Background(), sign(body, testSecret, noon), []byte(body)); err != nil && !fault.Is(err, fault.Invalid) {
			t.Error(err)
		}
	})
}
