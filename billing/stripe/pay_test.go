package stripe

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
	"rowhouse/data/money"
)

func TestAPageIsOpenedWithEverythingThatIsNeededLater(t *testing.T) {
	f, g := serve(t)
	p, err := g.Pay(context.Background(), order())
	if err != nil || p.Ref == "" || p.Customer == "" || !strings.HasPrefix(p.URL, "https://") || p.Expires.IsZero() {
		t.Fatal(p, err)
	}
	call := f.last(t, "/v1/checkout/sessions")
	for name, want := range map[string]string{
		"mode": "payment", "customer": p.Customer, "client_reference_id": "att_77", "locale": "de",
		"line_items[0][price_data][unit_amount]": "2900", "line_items[0][price_data][currency]": "eur", "line_items[0][quantity]": "1",
		"line_items[0][price_data][product_data][name]": "Pro, monthly", "payment_intent_data[setup_future_usage]": "off_session",
		"payment_intent_data[metadata][attempt]": "att_77", "payment_intent_data[metadata][install]": "inst1",
		"metadata[attempt]": "att_77", "metadata[install]": "inst1", "metadata[invoice]": "2026-0042",
		"success_url": "https://host.example/pay/back?x=1&sid={CHECKOUT_SESSION_ID}", "cancel_url": "https://host.example/pay",
	} {
		if got := call.form.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if h := call.header; h.Get("Idempotency-Key") != "att_77" || h.Get("Stripe-Version") != "2023-10-16" || h.Get("X-Stripe-Client-Telemetry") != "" {
		t.Error("headers:", h)
	}
	if key := f.last(t, "/v1/customers").header.Get("Idempotency-Key"); key != "cust:inst1:7" {
		t.Error("the customer's key is", key)
	}
}

func TestAMethodIsSavedWithoutAPayment(t *testing.T) {
	f, g := serve(t)
	p, err := g.Save(context.Background(), order())
	if err != nil {
		t.Fatal(err)
	}
	call := f.last(t, "/v1/checkout/sessions").form
	if call.Get("mode") != "setup" || call.Get("currency") != "eur" || call.Get("setup_intent_data[metadata][attempt]") != "att_77" {
		t.Error(call)
	}
	s := f.find(p.Ref)
	s["status"], s["payment_status"] = "complete", "no_payment_required"
	s["setup_intent"] = object{"id": "seti_1", "object": "setup_intent", "status": "succeeded", "created": noon.Unix(), "payment_method": card(p.Customer)}
	r, err := g.Fetch(context.Background(), gateway.Attempt{Key: "att_77", Ref: p.Ref, Mode: gateway.Setup})
	if err != nil || r.State != gateway.Succeeded || r.Method == nil || r.Payment != "" {
		t.Fatal(r, err)
	}
	if want := (gateway.Method{Customer: p.Customer, Ref: "pm_card", Label: "Visa •••• 4242", Month: 4, Year: 2028}); *r.Method != want {
		t.Error(*r.Method)
	}
}

func TestAPagePaidWhileTheAnswerIsLostIsFoundAgain(t *testing.T) {
	f, g := serve(t)
	o := order()
	o.Customer.Ref = "cus_1"
	f.hangUp = true
	if _, err := g.Pay(context.Background(), o); err == nil {
		t.Fatal("the answer was lost, but nobody says so")
	}
	p, err := g.Pay(context.Background(), o)
	if err != nil || len(f.kept["sessions"]) != 1 {
		t.Fatal("the second call made another page:", f.kept["sessions"], err)
	}
	pi := f.finish(p.Ref, true)
	r, err := g.Fetch(context.Background(), gateway.Attempt{Key: "att_77", Mode: gateway.Hosted, Customer: "cus_1", Began: noon})
	if err != nil || r.State != gateway.Succeeded || r.Ref != p.Ref || r.Payment != pi["id"] || r.Fee != 73 {
		t.Fatal(r, err)
	}
	if r.Amount != (money.Amount{Minor: 2900, Currency: "EUR"}) || r.Method == nil || !r.At.Equal(noon.Add(5*time.Second)) {
		t.Error(r)
	}
}

func TestAnOrderThatWasWordedOtherwiseGivesThePageThatIsThere(t *testing.T) {
	f, g := serve(t)
	o := order()
	first, err := g.Pay(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	o.Language, o.Customer.Name = "fr", "Ada Lovelace"
	o.Customer.Ref = first.Customer
	second, err := g.Pay(context.Background(), o)
	if err != nil || second != first || len(f.kept["sessions"]) != 1 {
		t.Error(second, err)
	}
}

func TestACustomerRenamedAfterALostAnswerCanStillPay(t *testing.T) {
	f, g := serve(t)
	f.hangUp = true
	if _, err := g.Pay(context.Background(), order()); err == nil {
		t.Fatal("the answer was lost, but nobody says so")
	}
	o := order()
	o.Customer.Name = "Ada Lovelace"
	p, err := g.Pay(context.Background(), o)
	if err != nil || p.Customer == "" {
		t.Fatal(p, err)
	}
	o.Customer.Name = "Ada King"
	if again, err := g.Pay(context.Background(), o); err != nil || again != p {
		t.Error("renamed once more, the page is not found:", again, err)
	}
}

func TestTheReturnAddressProvesNothing(t *testing.T) {
	f, g := serve(t)
	p, _ := g.Pay(context.Background(), order())
	f.finish(p.Ref, false)
	q := url.Values{"sid": {p.Ref}}
	if r, err := g.Return(context.Background(), gateway.Attempt{Key: "another"}, q); err == nil {
		t.Error("another's page pays for mine:", r)
	}
	if r, err := g.Return(context.Background(), gateway.Attempt{Key: "att_77"}, q); err != nil || r.State != gateway.Succeeded || r.Method != nil {
		t.Error(r, err)
	}
	for _, sid := range []string{"cs_../../refunds", "cs_1?x", "cs_1/expire"} {
		_, _ = g.Return(context.Background(), gateway.Attempt{Key: "att_77", Mode: gateway.Hosted, Began: noon}, url.Values{"sid": {sid}})
		if got := f.calls[len(f.calls)-1].path; got != "/v1/checkout/sessions/"+p.Ref {
			t.Errorf("%q leads to %s", sid, got)
		}
	}
}

func TestAPageStandsAsStripeSays(t *testing.T) {
	f, g := serve(t)
	p, _ := g.Pay(context.Background(), order())
	a := gateway.Attempt{Key: "att_77", Ref: p.Ref}
	s := f.find(p.Ref)
	for _, c := range []struct {
		status, paid, intent string
		want                 gateway.State
	}{
		{"open", "unpaid", "", gateway.Open},
		{"expired", "unpaid", "", gateway.Closed},
		{"complete", "unpaid", "processing", gateway.Processing},
		{"complete", "unpaid", "requires_action", gateway.Processing}, // a voucher that waits to be paid
		{"complete", "unpaid", "requires_payment_method", gateway.Failed},
		{"complete", "paid", "succeeded", gateway.Succeeded},
	} {
		s["status"], s["payment_status"] = c.status, c.paid
		if c.intent != "" {
			s["payment_intent"] = payable("pi_1", 2900, "eur", object{})
			s["payment_intent"].(object)["status"] = c.intent
		}
		if r, err := g.Fetch(context.Background(), a); err != nil || r.State != c.want || (r.State == gateway.Succeeded) != (r.Payment != "") {
			t.Errorf("%v: %+v %v", c, r, err)
		}
	}
}

func TestAnExpiredPageIsClosedAndClosingItAgainIsNoError(t *testing.T) {
	_, g := serve(t)
	p, _ := g.Pay(context.Background(), order())
	a := gateway.Attempt{Key: "att_77", Ref: p.Ref}
	for range 2 {
		if err := g.Cancel(context.Background(), a); err != nil {
			t.Fatal(err)
		}
	}
	if r, err := g.Fetch(context.Background(), a); err != nil || r.State != gateway.Closed {
		t.Error(r, err)
	}
}

func TestWhatStripeNeverMadeIsClosedButNotAtOnce(t *testing.T) {
	_, g := serve(t)
	for _, mode := range []gateway.Mode{gateway.Hosted, gateway.Saved} {
		a := gateway.Attempt{Key: "att_1", Mode: mode, Began: noon.Add(-time.Minute)}
		if r, err := g.Fetch(context.Background(), a); err == nil || r.State != gateway.Unknown {
			t.Error("it may be on its way still:", r, err)
		}
		a.Began = noon.Add(-time.Hour)
		if r, err := g.Fetch(context.Background(), a); err != nil || r.State != gateway.Closed {
			t.Error(r, err)
		}
		if err := g.Cancel(context.Background(), a); err != nil {
			t.Error(err)
		}
	}
}

func TestAnOrderThatStripeRefusesIsAFaultOfOurOwn(t *testing.T) {
	f, g := serve(t)
	f.refuse["/v1/checkout/sessions"] = 400
	_, err := g.Pay(context.Background(), order())
	if err == nil || fault.Of(err).Kind != fault.Ours || !strings.Contains(err.Error(), "HTTP 400") {
		t.Error(err)
	}
}
