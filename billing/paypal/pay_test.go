package paypal

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
	"rowhouse/data/money"
)

func TestAnOrderIsOpenedApprovedAndCaptured(t *testing.T) {
	f, g := serve(t)
	ctx := context.Background()
	p, err := g.Pay(ctx, sale())
	if err != nil || p.Ref == "" || !strings.HasPrefix(p.URL, "https://www.sandbox.paypal.com/") {
		t.Fatal(p, err)
	}
	call := f.last(t, "/v2/checkout/orders")
	for _, want := range []string{`"custom_id":"inst1/att_77"`, `"invoice_id":"2026-0042"`, `"value":"29.00"`, `"intent":"CAPTURE"`, `"brand_name":"Host \u0026 Co"`,
		`"shipping_preference":"NO_SHIPPING"`, `"user_action":"PAY_NOW"`, `"payment_method_preference":"IMMEDIATE_PAYMENT_REQUIRED"`,
		`"store_in_vault":"ON_SUCCESS"`, `"locale":"de-DE"`, `"return_url":"https://host.example/back"`} {
		if !strings.Contains(call.body, want) {
			t.Errorf("%s is not in %s", want, call.body)
		}
	}
	if call.header.Get("PayPal-Request-Id") != "att_77" || call.header.Get("Prefer") != "return=representation" {
		t.Error(call.header)
	}
	if r, err := g.Fetch(ctx, try(p.Ref)); err != nil || r.State != gateway.Open {
		t.Error("not approved yet:", r, err)
	}
	f.approve(p.Ref)
	r, err := g.Return(ctx, try(""), url.Values{"token": {p.Ref}})
	if err != nil || r.State != gateway.Succeeded || r.Payment == "" || r.Amount != sale().Amount || r.Fee != 136 || r.At != noon.Add(5*time.Second) {
		t.Fatal(r, err)
	}
	if r.Method == nil || *r.Method != (gateway.Method{Customer: "CUST1", Ref: "TOK9", Label: "PayPal ada@example.com"}) {
		t.Error(r.Method)
	}
	if key := f.last(t, "/v2/checkout/orders/"+p.Ref+"/capture").header.Get("PayPal-Request-Id"); key != "att_77:cap" {
		t.Error("the key is", key)
	}
	if again, err := g.Fetch(ctx, try(p.Ref)); err != nil || again.Payment != r.Payment {
		t.Error(again, err)
	}
}

func TestAnOrderIsOnlyCapturedWhileItIsWanted(t *testing.T) {
	f, g := serve(t)
	p, _ := g.Pay(context.Background(), sale())
	f.approve(p.Ref)
	for why, change := range map[string]func(*gateway.Attempt){
		"not wanted":     func(a *gateway.Attempt) { a.Wanted = false },
		"other amount":   func(a *gateway.Attempt) { a.Amount.Minor = 2901 },
		"other currency": func(a *gateway.Attempt) { a.Amount.Currency = "USD" },
		"too old":        func(a *gateway.Attempt) { a.Began = noon.Add(-6 * time.Hour) },
	} {
		a := try(p.Ref)
		change(&a)
		if r, err := g.Fetch(context.Background(), a); err != nil || r.State != gateway.Closed {
			t.Error(why, r, err)
		}
	}
	other := try(p.Ref)
	other.Key = "att_78"
	if r, err := g.Fetch(context.Background(), other); err == nil {
		t.Error("another's order pays for mine:", r)
	}
	if n := f.count("/v2/checkout/orders/" + p.Ref + "/capture"); n != 0 {
		t.Error("captured", n, "times")
	}
}

func TestALostCaptureTakesNothingTwice(t *testing.T) {
	f, g := serve(t)
	p, _ := g.Pay(context.Background(), sale())
	f.approve(p.Ref)
	f.hangUp = true
	if r, err := g.Fetch(context.Background(), try(p.Ref)); err == nil || r.State != gateway.Unknown {
		t.Fatal("the answer was lost:", r, err)
	}
	r, err := g.Fetch(context.Background(), try(p.Ref))
	if err != nil || r.State != gateway.Succeeded || f.count("/v2/checkout/orders/"+p.Ref+"/capture") != 1 {
		t.Error(r, err)
	}
	f.refuse["/v2/checkout/orders/"+p.Ref+"/capture"] = no(422, "UNPROCESSABLE_ENTITY", "ORDER_ALREADY_CAPTURED")
	if again, err := g.capture(context.Background(), &order{ID: p.Ref}, "att_77"); err != nil || again.Payment != r.Payment {
		t.Error(again, err)
	}
}

func TestALostOrderIsTheSameWhenAskedAgain(t *testing.T) {
	f, g := serve(t)
	f.hangUp = true
	if _, err := g.Pay(context.Background(), sale()); err == nil {
		t.Fatal("the answer was lost, but nobody says so")
	}
	if r, err := g.Fetch(context.Background(), try("")); err == nil || r.State != gateway.Unknown {
		t.Error(r, err)
	}
	if p, err := g.Pay(context.Background(), sale()); err != nil || p.Ref != "ORDER0001" {
		t.Error(p, err)
	}
	late := try("")
	late.Began = noon.Add(-7 * time.Hour)
	if r, err := g.Fetch(context.Background(), late); err != nil || r.State != gateway.Closed {
		t.Error("nobody was sent to the page:", r, err)
	}
	late.Mode = gateway.Saved
	if r, err := g.Fetch(context.Background(), late); err == nil || r.State != gateway.Unknown {
		t.Error("the wallet may have been charged:", r, err)
	}
}

func TestAPaymentStandsAsPayPalSays(t *testing.T) {
	for status, want := range map[string]gateway.State{"COMPLETED": gateway.Succeeded, "PENDING": gateway.Processing, "DECLINED": gateway.Failed,
		"FAILED": gateway.Failed, "REFUNDED": gateway.Succeeded, "PARTIALLY_REFUNDED": gateway.Succeeded, "INSTRUMENT_DECLINED": gateway.Failed} {
		f, g := serve(t)
		p, _ := g.Pay(context.Background(), sale())
		f.approve(p.Ref)
		f.source = status
		r, err := g.Fetch(context.Background(), try(p.Ref))
		if err != nil || r.State != want || r.Ref != p.Ref || (want == gateway.Failed) != (r.Class == gateway.Soft) {
			t.Errorf("%s: %+v %v", status, r, err)
		}
	}
}

func TestAnOrderThatVanishedIsClosedOnceItIsOld(t *testing.T) {
	f, g := serve(t)
	a := try("ORDER9999")
	if r, err := g.Fetch(context.Background(), a); err == nil {
		t.Error(r)
	}
	a.Began = noon.Add(-4 * time.Hour)
	if r, err := g.Fetch(context.Background(), a); err != nil || r.State != gateway.Closed {
		t.Error(r, err)
	}
	p, _ := g.Pay(context.Background(), sale())
	f.kept["/v2/checkout/orders/"+p.Ref]["status"] = "VOIDED"
	if r, err := g.Fetch(context.Background(), try(p.Ref)); err != nil || r.State != gateway.Closed || g.Cancel(context.Background(), a) != nil {
		t.Error(r, err)
	}
}

func TestOnePassIsFetchedForMany(t *testing.T) {
	f, g := serve(t)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { _, _ = g.Fetch(context.Background(), try("ORDER9999")) })
	}
	all.Wait()
	if n := f.count("/v1/oauth2/token"); n != 1 {
		t.Error(n, "passes were fetched")
	}
	f.mu.Lock()
	f.tokens++ // PayPal takes the pass back
	f.mu.Unlock()
	_, _ = g.Fetch(context.Background(), try("ORDER9999"))
	if _, err := g.Pay(context.Background(), sale()); err != nil || f.count("/v1/oauth2/token") != 2 {
		t.Error("a pass that was taken back is used on:", err)
	}
	<-g.token.turn // somebody else fetches, and does not come to an end
	ctx, stop := context.WithTimeout(context.Background(), time.Millisecond)
	defer stop()
	if _, err := g.Pay(ctx, sale()); err == nil || !strings.Contains(err.Error(), "deadline") {
		t.Error(err)
	}
}

func TestAmountsAreWrittenAsPayPalReadsThem(t *testing.T) {
	for _, c := range []struct {
		a    money.Amount
		want string
	}{
		{money.Amount{Minor: 2900, Currency: "EUR"}, "29.00"}, {money.Amount{Minor: 5, Currency: "USD"}, "0.05"},
		{money.Amount{Minor: 500, Currency: "JPY"}, "500"}, {money.Amount{Minor: 17500, Currency: "HUF"}, "175"},
		{money.Amount{Minor: 17550, Currency: "HUF"}, ""}, {money.Amount{Minor: 12345, Currency: "TND"}, "12.345"}, {money.Amount{Currency: "EUR"}, ""},
	} {
		s, err := written(c.a)
		if s.Value != c.want || (err != nil) != (c.want == "") || err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%v is %v (%v)", c.a, s, err)
		}
		if back, err := s.amount(); c.want != "" && (err != nil || back != c.a) {
			t.Errorf("%v comes back as %v (%v)", c.a, back, err)
		}
	}
	if a, err := (sum{"JPY", "500.00"}).amount(); err != nil || a.Minor != 500 {
		t.Error(a, err)
	}
	for _, bad := range []string{"", ".", "-5.00", "1,000.00", "1.005", "1e3", "99999999999999999999"} {
		if a, err := (sum{"EUR", bad}).amount(); err == nil {
			t.Errorf("%q is read as %v", bad, a)
		}
	}
}
