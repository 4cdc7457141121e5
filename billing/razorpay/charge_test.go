package razorpay

import (
	"context"
	"testing"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
	"rowhouse/data/money"
)

var mandate = gateway.Method{Customer: "cust_1", Ref: "token_1", Most: 15_000_00}

func TestAMandateIsChargedAndTheMoneyComesLater(t *testing.T) {
	f, g := serve(t)
	r, err := g.Charge(context.Background(), sale(), mandate)
	if err != nil || r.State != gateway.Processing || r.Ref == "" || r.Payment != "" {
		t.Fatal(r, err)
	}
	sent := f.last(t, "/v1/payments/create/recurring").sent
	if sent["recurring"] != "1" || sent["token"] != "token_1" || sent["customer_id"] != "cust_1" || sent["order_id"] != r.Ref || sent["contact"] != "+919999999999" {
		t.Error(sent)
	}
	if o := f.last(t, "/v1/orders"); o.sent["receipt"] != "att_77" || o.sent["notes"].(object)["install"] != "inst1" {
		t.Error(o.sent)
	}
	p := f.lists["/v1/orders/"+r.Ref+"/payments"][0]
	for status, want := range map[string]gateway.State{"created": gateway.Processing, "failed": gateway.Failed, "captured": gateway.Succeeded, "refunded": gateway.Succeeded} {
		p["status"], p["error_reason"] = status, map[string]any{"failed": "insufficient_funds"}[status]
		v, err := g.Fetch(context.Background(), try(r.Ref, gateway.Saved))
		if err != nil || v.State != want || (want == gateway.Succeeded) != (v.Payment == p["id"]) || want == gateway.Failed && v.Class != gateway.Soft {
			t.Errorf("%s: %+v %v", status, v, err)
		}
	}
}

func TestALostAnswerChargesNothingTwice(t *testing.T) {
	for _, path := range []string{"/v1/orders", "/v1/payments/create/recurring"} {
		f, g := serve(t)
		f.hangUp = path
		if r, err := g.Charge(context.Background(), sale(), mandate); err == nil {
			t.Fatal("the answer was lost:", r)
		}
		r, err := g.Charge(context.Background(), sale(), mandate)
		if path == "/v1/orders" {
			if err == nil || r.State != gateway.Unknown {
				t.Error("the other call may still be under way:", r, err)
			}
			g.now = func() time.Time { return noon.Add(time.Hour) }
			r, err = g.Charge(context.Background(), sale(), mandate)
		}
		if err != nil || r.State != gateway.Processing {
			t.Error(r, err)
		}
		if _, err := g.Charge(context.Background(), sale(), mandate); err != nil {
			t.Error(err)
		}
		if len(f.lists["/v1/orders"]) != 1 || len(f.lists["/v1/payments"]) != 1 {
			t.Error("charged twice:", f.lists)
		}
		if v, err := g.Fetch(context.Background(), try("", gateway.Saved)); err != nil || v.State != gateway.Processing || v.Ref != r.Ref {
			t.Error(v, err)
		}
	}
}

func TestAnOrderThatWasTriedIsNotTriedAgainBeforeItsPaymentIsListed(t *testing.T) {
	f, g := serve(t)
	r, _ := g.Charge(context.Background(), sale(), mandate)
	delete(f.lists, "/v1/orders/"+r.Ref+"/payments")
	f.kept["/v1/orders/"+r.Ref]["status"] = "attempted"
	g.now = func() time.Time { return noon.Add(time.Hour) }
	if v, err := g.Fetch(context.Background(), try(r.Ref, gateway.Saved)); err != nil || v.State != gateway.Processing {
		t.Error(v, err)
	}
	if v, err := g.Charge(context.Background(), sale(), mandate); err != nil || v.State != gateway.Processing || len(f.lists["/v1/payments"]) != 1 {
		t.Error(v, err)
	}
}

func TestARefusedMandateIsAFailureNotAnError(t *testing.T) {
	f, g := serve(t)
	f.debit = "token_cancelled"
	if r, err := g.Charge(context.Background(), sale(), mandate); err != nil || r.State != gateway.Failed || r.Code != "token_cancelled" || r.Class != gateway.Hard {
		t.Error(r, err)
	}
	big := sale()
	big.Attempt, big.Amount.Minor = "att_78", 15_000_01
	calls := len(f.calls)
	if r, err := g.Charge(context.Background(), big, mandate); err != nil || r.State != gateway.NeedsYou || len(f.calls) != calls {
		t.Error("above the mandate the customer must be asked:", r, err)
	}
	for _, s := range []int{401, 409, 429, 500, 502} {
		f.refuse["/v1/orders"] = &refused{status: s, code: "SERVER_ERROR"}
		if r, err := g.Charge(context.Background(), sale(), mandate); err == nil {
			t.Error("it is not known what happened:", s, r)
		}
	}
}

func TestAMandateIsGivenOnAPage(t *testing.T) {
	f, g := serve(t)
	f.hangUp = "/v1/subscription_registration/auth_links"
	if _, err := g.Save(context.Background(), sale()); err == nil {
		t.Fatal("the answer was lost, but nobody says so")
	}
	p, err := g.Save(context.Background(), sale())
	if err != nil || p.URL == "" || p.Customer != "cust_1" || len(f.lists["/v1/invoices"]) != 1 {
		t.Fatal(p, err)
	}
	a := try(p.Ref, gateway.Setup)
	if r, err := g.Fetch(context.Background(), a); err != nil || r.State != gateway.Open {
		t.Error(r, err)
	}
	f.kept["/v1/invoices/"+p.Ref]["status"], f.kept["/v1/invoices/"+p.Ref]["payment_id"] = "paid", "pay_1"
	f.kept["/v1/payments/pay_1"] = object{"id": "pay_1", "status": "captured", "token_id": "token_1", "customer_id": "cust_1", "created_at": noon.Unix()}
	token := object{"id": "token_1", "method": "card", "max_amount": 1500000, "recurring_details": object{"status": "initiated"},
		"card": object{"last4": "1111", "network": "Visa", "expiry_month": "4", "expiry_year": 2028}}
	f.kept["/v1/customers/cust_1/tokens/token_1"] = token
	if r, err := g.Fetch(context.Background(), a); err != nil || r.State != gateway.Processing {
		t.Error("the bank has not confirmed it:", r, err)
	}
	token["recurring_details"] = object{"status": "confirmed"}
	r, err := g.Fetch(context.Background(), a)
	want := gateway.Method{Customer: "cust_1", Ref: "token_1", Label: "Visa •••• 1111", Month: 4, Year: 2028, Most: 1500000}
	if err != nil || r.State != gateway.Succeeded || r.Method == nil || *r.Method != want || r.Payment != "" {
		t.Error(r, err)
	}
	token["recurring_details"] = object{"status": "rejected"}
	if r, err := g.Fetch(context.Background(), a); err != nil || r.State != gateway.Failed || r.Class != gateway.Hard {
		t.Error(r, err)
	}
	o := sale()
	o.Customer.Phone = ""
	if _, err := g.Save(context.Background(), o); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
}

func TestMoneyIsGivenBackOnce(t *testing.T) {
	f, g := serve(t)
	r := gateway.Refund{Key: "r:9", Payment: "pay_1", Attempt: "att_77", Amount: money.Amount{Minor: 1000, Currency: "INR"}}
	f.hangUp = "/v1/payments/pay_1/refund"
	if _, err := g.Refund(context.Background(), r); err == nil {
		t.Fatal("the answer was lost, but nobody says so")
	}
	v, err := g.Refund(context.Background(), r)
	want := gateway.Reversal{Kind: gateway.Refunded, ID: v.ID, Payment: "pay_1", Amount: r.Amount, State: gateway.Done, At: noon}
	if err != nil || v != want || len(f.lists["/v1/refunds"]) != 1 {
		t.Fatal(v, err)
	}
	if again, err := g.Look(context.Background(), gateway.Event{Topic: gateway.Refunded, Ref: v.ID}); err != nil || again != want {
		t.Error(again, err)
	}
	f.refuse["/v1/payments/pay_1/refund"] = &refused{status: 400, code: "BAD_REQUEST_ERROR"}
	if v, err := g.Refund(context.Background(), r); err != nil || v.State != gateway.Refused {
		t.Error(v, err)
	}
}

func TestADisputeStandsAsRazorpaySays(t *testing.T) {
	f, g := serve(t)
	for status, want := range map[string]gateway.ReversalState{"open": gateway.Pending, "under_review": gateway.Pending, "won": gateway.Refused, "lost": gateway.Done, "closed": gateway.Refused} {
		f.kept["/v1/disputes/disp_1"] = object{"id": "disp_1", "status": status, "amount": 290000, "currency": "INR", "payment_id": "pay_1", "amount_deducted": 0}
		if v, err := g.Look(context.Background(), gateway.Event{Topic: gateway.Disputed, Ref: "disp_1"}); err != nil || v.State != want || v.Payment != "pay_1" {
			t.Errorf("%s: %+v %v", status, v, err)
		}
	}
}
