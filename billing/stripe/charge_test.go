package stripe

import (
	"context"
	"strings"
	"testing"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/money"
)

func charge(g *Stripe, pm string) (gateway.Result, error) {
	o := order()
	o.Attempt = "att_" + pm
	return g.Charge(context.Background(), o, gateway.Method{Customer: "cus_1", Ref: pm})
}

func TestASavedCardIsCharged(t *testing.T) {
	f, g := serve(t)
	r, err := charge(g, "pm_good")
	if err != nil || r.State != gateway.Succeeded || r.Payment == "" || r.Amount != (money.Amount{Minor: 2900, Currency: "EUR"}) || r.Fee != 73 {
		t.Fatal(r, err)
	}
	call := f.last(t, "/v1/payment_intents")
	for name, want := range map[string]string{"off_session": "true", "confirm": "true", "customer": "cus_1", "payment_method": "pm_good",
		"amount": "2900", "currency": "eur", "metadata[attempt]": "att_pm_good", "metadata[install]": "inst1", "setup_future_usage": ""} {
		if got := call.form.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if key := call.header.Get("Idempotency-Key"); key != "att_pm_good" {
		t.Error("the key is", key)
	}
}

func TestADeclinedCardIsAFailureNotAnError(t *testing.T) {
	f, g := serve(t)
	for pm, want := range map[string]gateway.Result{
		"pm_poor":   {State: gateway.Failed, Code: "insufficient_funds", Class: gateway.Soft},
		"pm_stolen": {State: gateway.Failed, Code: "stolen_card", Class: gateway.Hard},
		"pm_old":    {State: gateway.Failed, Code: "expired_card", Class: gateway.Hard},
		"pm_sca":    {State: gateway.NeedsYou, Code: "authentication_required"},
		"pm_gone":   {State: gateway.Failed, Code: "resource_missing", Class: gateway.Hard},
	} {
		r, err := charge(g, pm)
		want.Ref = r.Ref
		if err != nil || r != want || (r.Ref == "") != (pm == "pm_gone") {
			t.Errorf("%s: %+v %v", pm, r, err)
		}
		if r.Ref == "" {
			continue
		}
		f.find(r.Ref)["customer"] = "cus_1"
		again, err := g.Fetch(context.Background(), gateway.Attempt{Key: "att_" + pm, Ref: r.Ref, Mode: gateway.Saved})
		if err != nil || again.State == gateway.Succeeded || again.Code != want.Code || again.Class != want.Class && want.Class != "" {
			t.Errorf("%s asked again: %+v %v", pm, again, err)
		}
	}
}

func TestABankDebitIsUnderWay(t *testing.T) {
	_, g := serve(t)
	if r, err := charge(g, "pm_debit"); err != nil || r.State != gateway.Processing || r.Payment != "" {
		t.Error(r, err)
	}
}

func TestALostAnswerChargesNothingTwice(t *testing.T) {
	f, g := serve(t)
	f.hangUp = true
	if r, err := charge(g, "pm_good"); err == nil {
		t.Fatal("the answer was lost:", r)
	}
	found, err := g.Fetch(context.Background(), gateway.Attempt{Key: "att_pm_good", Mode: gateway.Saved, Customer: "cus_1", Began: noon})
	if err != nil || found.State != gateway.Succeeded {
		t.Fatal(found, err)
	}
	r, err := charge(g, "pm_good")
	if err != nil || r.Payment != found.Payment || len(f.kept["payment_intents"]) != 1 {
		t.Error("charged twice:", f.kept["payment_intents"], r, err)
	}
}

func TestAKeyUsedForAnotherAmountIsNoRefusal(t *testing.T) {
	_, g := serve(t)
	if _, err := charge(g, "pm_good"); err != nil {
		t.Fatal(err)
	}
	o := order()
	o.Attempt, o.Amount.Minor = "att_pm_good", 5900
	if r, err := g.Charge(context.Background(), o, gateway.Method{Customer: "cus_1", Ref: "pm_good"}); err == nil {
		t.Error("it is not known what happened under this key:", r)
	}
}

func TestAPaymentThatWaitsForTheCustomerIsGivenUp(t *testing.T) {
	f, g := serve(t)
	r, _ := charge(g, "pm_sca")
	if err := g.Cancel(context.Background(), gateway.Attempt{Key: "att_pm_sca", Ref: r.Ref, Mode: gateway.Saved}); err != nil {
		t.Fatal(err)
	}
	if f.find(r.Ref)["status"] != "canceled" {
		t.Error("it can still be confirmed")
	}
}

func TestNoErrorTellsASecret(t *testing.T) {
	f, g := serve(t)
	wrong, err := New(gateway.Keys{"secret_key": "sk_test_anotherKey0000zzzz"}, gateway.Options{Base: f.URL})
	if err != nil {
		t.Fatal(err)
	}
	var all []error
	_, err = charge(wrong, "pm_good")
	all = append(all, err, wrong.Check(context.Background()))
	f.long = true
	_, err = charge(g, "pm_good")
	all = append(all, err)
	f.Close()
	_, err = charge(g, "pm_good")
	all = append(all, err)
	for _, err := range all {
		if err == nil || strings.Contains(err.Error(), "zzzz") || strings.Contains(err.Error(), "4eC39") || strings.Contains(err.Error(), "xxx") {
			t.Error(err)
		}
	}
}

func TestACallEndsWithItsContext(t *testing.T) {
	_, g := serve(t)
	ctx, stop := context.WithTimeout(context.Background(), -time.Second)
	defer stop()
	if _, err := g.Charge(ctx, order(), gateway.Method{Customer: "cus_1", Ref: "pm_good"}); err == nil || !strings.Contains(err.Error(), "deadline") {
		t.Error(err)
	}
}
