package paypal

import (
	"context"
	"strings"
	"testing"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
)

func TestAWalletIsSavedWithoutAPayment(t *testing.T) {
	f, g := serve(t)
	p, err := g.Save(context.Background(), sale())
	if err != nil || p.URL == "" || p.Customer != "CUST1" {
		t.Fatal(p, err)
	}
	a := try(p.Ref)
	a.Mode = gateway.Setup
	if r, err := g.Fetch(context.Background(), a); err != nil || r.State != gateway.Open {
		t.Error(r, err)
	}
	setup := f.kept["/v3/vault/setup-tokens/"+p.Ref]
	setup["status"] = "APPROVED"
	f.hangUp = true
	if r, err := g.Fetch(context.Background(), a); err == nil {
		t.Error("the answer was lost:", r)
	}
	r, err := g.Fetch(context.Background(), a)
	if err != nil || r.State != gateway.Succeeded || r.Method == nil || r.Method.Ref != "TOK0002" || r.Method.Customer != "CUST1" {
		t.Fatal(r, err)
	}
	setup["status"] = "TOKENIZED"
	f.kept["/v3/vault/payment-tokens"] = object{"payment_tokens": []object{{"id": "TOK0002"}}}
	if again, err := g.Fetch(context.Background(), a); err != nil || again.Method == nil || again.Method.Ref != "TOK0002" || again.Method.Customer != "CUST1" {
		t.Error(again, err)
	}
}

func TestASavedWalletIsChargedWhicheverWayPayPalTakes(t *testing.T) {
	for _, atOnce := range []bool{true, false} {
		f, g := serve(t)
		f.atOnce = atOnce
		f.hangUp = true
		if r, err := g.Charge(context.Background(), sale(), gateway.Method{Ref: "TOK9"}); err == nil {
			t.Fatal("the answer was lost:", r)
		}
		r, err := g.Charge(context.Background(), sale(), gateway.Method{Ref: "TOK9"})
		if err != nil || r.State != gateway.Succeeded || r.Amount != sale().Amount || r.Ref != "ORDER0001" || r.Payment != "CAP0002" {
			t.Error(atOnce, r, err)
		}
		if body := f.last(t, "/v2/checkout/orders").body; !strings.Contains(body, `"vault_id":"TOK9"`) || strings.Contains(body, "store_in_vault") {
			t.Error(body)
		}
	}
}

func TestARefusedWalletIsAFailureNotAnError(t *testing.T) {
	for source, want := range map[string]gateway.Result{
		"INSTRUMENT_DECLINED":      {State: gateway.Failed, Code: "INSTRUMENT_DECLINED", Class: gateway.Soft},
		"PAYER_ACCOUNT_RESTRICTED": {State: gateway.Failed, Code: "PAYER_ACCOUNT_RESTRICTED", Class: gateway.Hard},
		"PAYER_ACTION_REQUIRED":    {State: gateway.NeedsYou, Code: "PAYER_ACTION_REQUIRED", Ref: "ORDER0001"},
	} {
		f, g := serve(t)
		f.source = source
		if r, err := g.Charge(context.Background(), sale(), gateway.Method{Ref: "TOK9"}); err != nil || r != want {
			t.Errorf("%s: %+v %v", source, r, err)
		}
	}
	f, g := serve(t)
	for _, status := range []int{409, 429, 500, 503} {
		f.refuse["/v2/checkout/orders"] = no(status, "ANY", "ANY")
		if r, err := g.Charge(context.Background(), sale(), gateway.Method{Ref: "TOK9"}); err == nil {
			t.Error("it is not known what happened:", status, r)
		}
	}
	f.refuse["/v2/checkout/orders"] = no(422, "UNPROCESSABLE_ENTITY", "PREVIOUS_REQUEST_IN_PROGRESS")
	if r, err := g.Charge(context.Background(), sale(), gateway.Method{Ref: "TOK9"}); err == nil {
		t.Error("the same is under way:", r)
	}
	f.refuse["/v2/checkout/orders"] = no(400, "INVALID_REQUEST", "INVALID_PARAMETER_SYNTAX")
	if _, err := g.Pay(context.Background(), sale()); err == nil || fault.Of(err).Kind != fault.Ours {
		t.Error(err)
	}
}
