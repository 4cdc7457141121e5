package razorpay

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
)

// sample is a message of Razorpay's own documents, with its signature under the secret 123456.
const (
	sample    = `{"entity":"event","account_id":"acc_HVFD0PFnHPAzKj","event":"payment.authorized","contains":["payment"],"payload":{"payment":{"entity":{"id":"pay_JUEM4c0pSLpFEW","entity":"payment","amount":12300,"currency":"INR","status":"authorized","order_id":"order_JUELuT6cFaHkvd","invoice_id":null,"international":false,"method":"netbanking","amount_refunded":0,"refund_status":null,"captured":false,"description":"#JUELZ1z1EC0pwi","card_id":null,"bank":"SBIN","wallet":null,"vpa":null,"email":"gaurav.kumar@example.com","contact":"+919999999999","notes":[],"fee":null,"tax":null,"error_code":null,"error_description":null,"error_source":null,"error_step":null,"error_reason":null,"acquirer_data":{"bank_transaction_id":"6416615"},"created_at":1652339804}}},"created_at":1652339806}`
	sampleSum = "56df260ab4647b07b729b0b48d2a95b71de42f109884949e5ec387a2bb8b6919"
)

func signed(body, secret string) http.Header {
	return http.Header{"X-Razorpay-Signature": {hmacOf(secret, body)}, "X-Razorpay-Event-Id": {"EvtId00000001"}}
}

func TestTheSampleMessageOfRazorpaysOwnDocumentsIsHeard(t *testing.T) {
	_, g := serve(t)
	e, err := g.Hear(context.Background(), http.Header{"X-Razorpay-Signature": {sampleSum}}, []byte(sample))
	want := gateway.Event{ID: e.ID, Type: "payment.authorized", Topic: gateway.Paying, Ref: "plink_JUELZ1z1EC0pwi", Payment: "pay_JUEM4c0pSLpFEW",
		At: time.Unix(1652339806, 0).UTC()}
	if err != nil || e != want || len(e.ID) != 64 {
		t.Errorf("%+v %v", e, err)
	}
	for _, secret := range []string{hook, oldHook} {
		if e, err := g.Hear(context.Background(), signed(sample, secret), []byte(sample)); err != nil || e.ID != "EvtId00000001" {
			t.Error(e, err)
		}
	}
}

func TestAForgedMessageIsRefused(t *testing.T) {
	_, g := serve(t)
	for why, c := range map[string]struct {
		header http.Header
		body   string
	}{
		"tampered":     {signed(sample, hook), strings.Replace(sample, "12300", "12301", 1)},
		"other secret": {signed(sample, "another"), sample},
		"key secret":   {signed(sample, keySecret), sample},
		"not signed":   {http.Header{}, sample},
		"no hex":       {http.Header{"X-Razorpay-Signature": {"zz"}}, sample},
		"rubbish":      {signed("rubbish", hook), "rubbish"},
		"nothing":      {signed("{}", hook), "{}"},
	} {
		if e, err := g.Hear(context.Background(), c.header, []byte(c.body)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s is heard: %+v %v", why, e, err)
		}
	}
}

func TestEachSortOfMessageLeadsToWhatItIsAbout(t *testing.T) {
	_, g := serve(t)
	marked := `"notes":{"install":"inst1","attempt":"att_77","odd":7}`
	for _, c := range []struct {
		sort, payload string
		want          gateway.Event
	}{
		{"payment_link.paid", `"payment_link":{"entity":{"id":"plink_1",` + marked + `}},"payment":{"entity":{"id":"pay_1","order_id":"order_1","notes":[]}},"order":{"entity":{"id":"order_1","notes":[]}}`,
			gateway.Event{Topic: gateway.Paying, Ref: "plink_1", Payment: "pay_1", Attempt: "att_77", Install: "inst1"}},
		{"payment_link.expired", `"payment_link":{"entity":{"id":"plink_1",` + marked + `}}`,
			gateway.Event{Topic: gateway.Paying, Ref: "plink_1", Attempt: "att_77", Install: "inst1"}},
		{"order.paid", `"order":{"entity":{"id":"order_1",` + marked + `}},"payment":{"entity":{"id":"pay_1"}}`,
			gateway.Event{Topic: gateway.Paying, Ref: "order_1", Payment: "pay_1", Attempt: "att_77", Install: "inst1"}},
		{"payment.failed", `"payment":{"entity":{"id":"pay_1","order_id":"order_1",` + marked + `}}`,
			gateway.Event{Topic: gateway.Paying, Ref: "order_1", Payment: "pay_1", Attempt: "att_77", Install: "inst1"}},
		{"refund.processed", `"refund":{"entity":{"id":"rfnd_1","payment_id":"pay_1",` + marked + `}},"payment":{"entity":{"id":"pay_1"}}`,
			gateway.Event{Topic: gateway.Refunded, Ref: "rfnd_1", Payment: "pay_1", Attempt: "att_77", Install: "inst1"}},
		{"payment.dispute.created", `"dispute":{"entity":{"id":"disp_1","payment_id":"pay_1"}},"payment":{"entity":{"id":"pay_1",` + marked + `}}`,
			gateway.Event{Topic: gateway.Disputed, Ref: "disp_1", Payment: "pay_1", Attempt: "att_77", Install: "inst1"}},
		{"token.confirmed", `"token":{"entity":{"id":"token_1","customer_id":"cust_1","method":"upi","max_amount":1500000}}`,
			gateway.Event{Topic: gateway.Methods, Ref: "token_1", Method: &gateway.Method{Customer: "cust_1", Ref: "token_1", Label: "UPI", Most: 1500000}}},
		{"token.cancelled", `"token":{"entity":{"id":"token_1","customer_id":"cust_1","card":{"last4":"1111"}}}`,
			gateway.Event{Topic: gateway.Methods, Gone: true, Ref: "token_1", Method: &gateway.Method{Customer: "cust_1", Ref: "token_1", Label: "Card •••• 1111"}}},
		{"settlement.processed", `"settlement":{"entity":{"id":"setl_1"}}`, gateway.Event{}},
	} {
		body := `{"event":"` + c.sort + `","created_at":1652339806,"payload":{` + c.payload + `}}`
		e, err := g.Hear(context.Background(), signed(body, hook), []byte(body))
		c.want.ID, c.want.Type, c.want.At = "EvtId00000001", c.sort, time.Unix(1652339806, 0).UTC()
		if m, w := e.Method, c.want.Method; m != nil && w != nil && *m == *w {
			e.Method, c.want.Method = nil, nil
		}
		if err != nil || e != c.want {
			t.Errorf("%s: %+v %v", c.sort, e, err)
		}
	}
}

func TestWhatWasMissedComesOldestFirst(t *testing.T) {
	f, g := serve(t)
	for i := range 100 {
		f.lists["/v1/payments"] = append(f.lists["/v1/payments"], object{"id": fmt.Sprint("pay_", i), "status": "captured", "created_at": 1000 - i,
			"order_id": "order_1", "notes": object{"attempt": "att_77"}})
	}
	f.lists["/v1/refunds"] = []object{{"id": "rfnd_1", "status": "processed", "payment_id": "pay_1", "created_at": 950}}
	f.lists["/v1/disputes"] = []object{{"id": "disp_1", "status": "open", "payment_id": "pay_1", "created_at": 2000}}
	heard, err := g.Missed(context.Background(), noon)
	if err != nil || len(heard) != 10*100+2 {
		t.Fatal("a list without an end is gone through for ever, or not far enough:", len(heard), err)
	}
	if first, last := heard[0], heard[len(heard)-1]; first.At.Unix() != 901 || first.Type != "payment.captured" || first.Attempt != "att_77" ||
		last.Topic != gateway.Disputed || last.Ref != "disp_1" || last.ID != "disp_1:open" {
		t.Error(first, last)
	}
}

func TestKeysThatCannotBeRightAreRefused(t *testing.T) {
	for why, change := range map[string]func(gateway.Keys){
		"no id":        func(k gateway.Keys) { k["key_id"] = "" },
		"other id":     func(k gateway.Keys) { k["key_id"] = "sk_test_0123456789" },
		"starred id":   func(k gateway.Keys) { k["key_id"] = "rzp_live_**********" },
		"id as secret": func(k gateway.Keys) { k["key_secret"] = keyID },
		"no secret":    func(k gateway.Keys) { k["key_secret"] = "" },
		"no hook":      func(k gateway.Keys) { k["webhook_secret"] = "" },
		"same secret":  func(k gateway.Keys) { k["webhook_secret"] = keySecret },
		"short old":    func(k gateway.Keys) { k["old_webhook_secret"] = "x" },
	} {
		k := keys()
		change(k)
		if g, err := Kind().New(k, gateway.Options{}); !fault.Is(err, fault.Invalid) || g != nil || strings.Contains(err.Error(), keySecret) {
			t.Errorf("%s: %v", why, err)
		}
	}
	if _, err := Kind().New(keys(), gateway.Options{}); err != nil {
		t.Error(err)
	}
}

func TestWrongKeysAreNoticedBeforeAnythingIsMoved(t *testing.T) {
	f, g := serve(t)
	f.lists["/v1/payments"] = []object{}
	if err := g.Check(context.Background()); err != nil {
		t.Error(err)
	}
	k := keys()
	k["key_secret"] = "anotherSecret00"
	wrong, _ := New(k, gateway.Options{Base: f.URL})
	if err := wrong.Check(context.Background()); !fault.Is(err, fault.Invalid) || strings.Contains(err.Error(), "anotherSecret") {
		t.Error(err)
	}
	f.Close()
	if err := g.Check(context.Background()); err == nil || fault.Is(err, fault.Invalid) || strings.Contains(err.Error(), keySecret) {
		t.Error(err)
	}
}

func FuzzNoMessageBreaksTheEar(f *testing.F) {
	f.Add(sample, sampleSum, "")
	f.Add(`{"event":"token.confirmed","payload":{"token":{"entity":{"id":"t","card":{"expiry_month":[]}}}}}`, "zz", strings.Repeat("x", 100))
	f.Add(`{"event":"payment.x","payload":{"payment":{"entity":{"description":"#","notes":"x"}}}}`, "00", "\x00")
	g, err := New(keys(), gateway.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body, sum, id string) {
		if _, err := g.Hear(context.Background(), http.Header{"X-Razorpay-Signature": {sum}}, []byte(body)); err == nil && sum != sampleSum {
			t.Error("a forged message is heard")
		}
		h := signed(body, hook)
		h.Set("X-Razorpay-Event-Id", id)
		e, err := g.Hear(context.Background(), h, []byte(body))
		if err != nil && !fault.Is(err, fault.Invalid) || err == nil && (e.ID == "" || len(e.ID) > 64) {
			t.Error(e, err)
		}
		_, _ = told("payment", []byte(body))
	})
}
