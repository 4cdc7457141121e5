package stripe

import (
	"context"
	"testing"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/money"
)

func TestMoneyIsGivenBackOnce(t *testing.T) {
	f, g := serve(t)
	r := gateway.Refund{Key: "refund:9", Payment: "pi_1", Attempt: "att_77", Amount: money.Amount{Minor: 1000, Currency: "EUR"}, Reason: "goodwill"}
	f.hangUp = true
	if _, err := g.Refund(context.Background(), r); err == nil {
		t.Fatal("the answer was lost, but nobody says so")
	}
	v, err := g.Refund(context.Background(), r)
	if err != nil || v.State != gateway.Done || v.Kind != gateway.Refunded || v.Payment != "pi_1" || v.Amount != r.Amount || len(f.kept["refunds"]) != 1 {
		t.Fatal(v, err)
	}
	call := f.last(t, "/v1/refunds").form
	if call.Get("metadata[attempt]") != "att_77" || call.Get("metadata[install]") != "inst1" || call.Get("reason") != "" {
		t.Error(call)
	}
	if again, err := g.Look(context.Background(), gateway.Event{Topic: gateway.Refunded, Ref: v.ID}); err != nil || again != v {
		t.Error(again, err)
	}
}

func TestARefundThatStripeWillNotMakeIsRefused(t *testing.T) {
	f, g := serve(t)
	f.refuse["/v1/refunds"] = 400
	v, err := g.Refund(context.Background(), gateway.Refund{Key: "k", Payment: "pi_1", Amount: money.Amount{Minor: 1000, Currency: "EUR"}})
	if err != nil || v.State != gateway.Refused {
		t.Error(v, err)
	}
}

func TestAChargeThatWasRefundedLeadsToTheRefundOfThatMoment(t *testing.T) {
	f, g := serve(t)
	for i, id := range []string{"re_first", "re_second"} {
		f.keep("refunds", object{"id": id, "object": "refund", "amount": 500, "currency": "eur", "status": "pending", "payment_intent": "pi_1",
			"created": noon.Add(time.Duration(i) * time.Hour).Unix()})
	}
	for after, want := range map[time.Duration]string{time.Second: "re_first", 2 * time.Hour: "re_second"} {
		v, err := g.Look(context.Background(), gateway.Event{Topic: gateway.Refunded, Payment: "pi_1", At: noon.Add(after)})
		if err != nil || v.ID != want || v.State != gateway.Pending {
			t.Error(v, err)
		}
	}
}

func TestADisputeStandsAsStripeSays(t *testing.T) {
	f, g := serve(t)
	d := f.keep("disputes", object{"id": "du_1", "object": "dispute", "amount": 2900, "currency": "eur", "created": noon.Unix(),
		"charge": "ch_1", "payment_intent": "pi_1"})
	for status, want := range map[string]gateway.ReversalState{"needs_response": gateway.Pending, "under_review": gateway.Pending,
		"won": gateway.Refused, "warning_closed": gateway.Refused, "lost": gateway.Done} {
		d["status"] = status
		v, err := g.Look(context.Background(), gateway.Event{Topic: gateway.Disputed, Ref: "du_1"})
		if err != nil || v.State != want || v.Payment != "pi_1" || v.Kind != gateway.Disputed || v.Amount.Minor != 2900 {
			t.Errorf("%s: %+v %v", status, v, err)
		}
	}
}
