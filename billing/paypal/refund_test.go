package paypal

import (
	"context"
	"strings"
	"testing"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
	"rowhouse/data/money"
)

var _ gateway.Gateway = (*PayPal)(nil)

func TestMoneyIsGivenBackOnce(t *testing.T) {
	f, g := serve(t)
	r := gateway.Refund{Key: "refund:9", Payment: "CAP1", Attempt: "att_77", Amount: money.Amount{Minor: 1000, Currency: "EUR"}, Reason: "goodwill"}
	f.hangUp = true
	if _, err := g.Refund(context.Background(), r); err == nil {
		t.Fatal("the answer was lost, but nobody says so")
	}
	v, err := g.Refund(context.Background(), r)
	want := gateway.Reversal{Kind: gateway.Refunded, ID: "REF0001", Payment: "CAP1", Amount: r.Amount, State: gateway.Done, At: noon}
	if err != nil || v != want {
		t.Fatal(v, err)
	}
	call := f.last(t, "/v2/payments/captures/CAP1/refund")
	if call.header.Get("PayPal-Request-Id") != "refund:9" || !strings.Contains(call.body, `"custom_id":"inst1/att_77"`) {
		t.Error(call)
	}
	if again, err := g.Look(context.Background(), gateway.Event{Topic: gateway.Refunded, Ref: "REF0001"}); err != nil || again != want {
		t.Error(again, err)
	}
	f.refuse["/v2/payments/captures/CAP2/refund"] = no(422, "UNPROCESSABLE_ENTITY", "CAPTURE_FULLY_REFUNDED")
	r.Payment = "CAP2"
	if v, err := g.Refund(context.Background(), r); err != nil || v.State != gateway.Refused {
		t.Error(v, err)
	}
}

func TestADisputeStandsAsPayPalSays(t *testing.T) {
	f, g := serve(t)
	for _, c := range []struct {
		status, outcome string
		want            gateway.ReversalState
		minor           int64
	}{
		{"OPEN", "", gateway.Pending, 2900}, {"UNDER_REVIEW", "", gateway.Pending, 2900},
		{"RESOLVED", "RESOLVED_SELLER_FAVOUR", gateway.Refused, 2900}, {"RESOLVED", "CANCELED_BY_BUYER", gateway.Refused, 2900},
		{"RESOLVED", "RESOLVED_BUYER_FAVOUR", gateway.Done, 1500}, {"RESOLVED", "ACCEPTED", gateway.Done, 1500},
	} {
		f.kept["/v1/customer/disputes/PP-R-1"] = object{"dispute_id": "PP-R-1", "status": c.status, "create_time": "2026-05-11T12:00:00.000Z",
			"dispute_amount":        object{"currency_code": "EUR", "value": "29.00"},
			"disputed_transactions": []object{{"seller_transaction_id": "CAP1"}},
			"dispute_outcome":       object{"outcome_code": c.outcome, "amount_refunded": object{"currency_code": "EUR", "value": "15.00"}}}
		v, err := g.Look(context.Background(), gateway.Event{Topic: gateway.Disputed, Ref: "PP-R-1"})
		if err != nil || v.State != c.want || v.Payment != "CAP1" || v.Amount.Minor != c.minor || v.Kind != gateway.Disputed {
			t.Errorf("%v: %+v %v", c, v, err)
		}
	}
}

func TestKeysThatCannotBeRightAreRefused(t *testing.T) {
	for why, change := range map[string]func(gateway.Keys){
		"no id":          func(k gateway.Keys) { k["client_id"] = "" },
		"starred secret": func(k gateway.Keys) { k["client_secret"] = strings.Repeat("*", 40) },
		"id twice":       func(k gateway.Keys) { k["client_secret"] = k["client_id"] },
		"address":        func(k gateway.Keys) { k["webhook_id"] = "https://host.example/hooks/paypal" },
		"no webhook":     func(k gateway.Keys) { k["webhook_id"] = "" },
		"mode":           func(k gateway.Keys) { k["mode"] = "test" },
		"vault":          func(k gateway.Keys) { k["vault"] = "perhaps" },
	} {
		k := keys()
		change(k)
		if g, err := Kind().New(k, gateway.Options{}); !fault.Is(err, fault.Invalid) || g != nil || strings.Contains(err.Error(), clientSecret) {
			t.Errorf("%s: %v", why, err)
		}
	}
	k := keys()
	k["mode"], k["vault"] = " Live ", ""
	g, err := New(k, gateway.Options{})
	if err != nil || g.base != "https://api-m.paypal.com" || g.Can().Charge || g.Can().Save || !g.Can().Hosted {
		t.Error(err)
	}
}

func TestWrongKeysAreNoticedBeforeAnythingIsMoved(t *testing.T) {
	f, g := serve(t)
	if err := g.Check(context.Background()); !fault.Is(err, fault.Invalid) {
		t.Error("the webhook is not there:", err)
	}
	f.kept["/v1/notifications/webhooks/"+webhookID] = object{"id": webhookID}
	if err := g.Check(context.Background()); err != nil {
		t.Error(err)
	}
	k := keys()
	k["client_secret"] = "EAnotherSecretThatIsLongEnough"
	wrong, _ := New(k, gateway.Options{Base: f.URL})
	if err := wrong.Check(context.Background()); !fault.Is(err, fault.Invalid) || strings.Contains(err.Error(), "AnotherSecret") {
		t.Error(err)
	}
	f.Close()
	if err := g.Check(context.Background()); err == nil || fault.Is(err, fault.Invalid) || strings.Contains(err.Error(), clientSecret) {
		t.Error(err)
	}
}

func TestWhatWasMissedComesOldestFirst(t *testing.T) {
	f, g := serve(t)
	event := func(id string, at time.Time) object {
		return object{"id": id, "event_type": "PAYMENT.CAPTURE.COMPLETED", "create_time": at.Format(time.RFC3339), "resource": object{"id": "CAP1", "custom_id": "inst1/att_77"}}
	}
	list := object{"events": []object{event("WH-2", noon), event("WH-1", noon.Add(-time.Hour)), {"id": "WH-3", "event_type": "X", "resource": 7}}}
	f.kept["/v1/notifications/webhooks-events"] = list
	heard, err := g.Missed(context.Background(), noon.Add(-2*time.Hour))
	if err != nil || len(heard) != 2 || heard[0].ID != "WH-1" || heard[1].Attempt != "att_77" {
		t.Error(heard, err)
	}
	list["links"] = []object{{"rel": "next", "href": "https://evil.example/v1/notifications/webhooks-events?next=1"}}
	if heard, err := g.Missed(context.Background(), noon); err != nil || len(heard) > widest || len(heard) < 20 {
		t.Error("a list without an end is gone through for ever, or the host of the link was followed:", len(heard), err)
	}
}
