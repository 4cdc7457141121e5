package razorpay

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
	"rowhouse/data/money"
)

var _ gateway.Gateway = (*Razorpay)(nil)

func hmacOf(secret, text string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

func TestALinkIsOpenedAndPaid(t *testing.T) {
	f, g := serve(t)
	p, err := g.Pay(context.Background(), sale())
	if err != nil || p.Ref == "" || p.URL != "https://rzp.io/i/x" || !p.Expires.Equal(noon.Add(2*time.Hour)) {
		t.Fatal(p, err)
	}
	sent := f.last(t, "/v1/payment_links").sent
	marks := sent["notes"].(object)
	if sent["amount"] != 290000.0 || sent["reference_id"] != "att_77" || sent["callback_method"] != "get" || sent["accept_partial"] != false ||
		marks["install"] != "inst1" || marks["attempt"] != "att_77" || marks["invoice"] != "2026-0042" {
		t.Error(sent)
	}
	if r, err := g.Fetch(context.Background(), try(p.Ref, gateway.Hosted)); err != nil || r.State != gateway.Open {
		t.Error(r, err)
	}
	pay := f.finish(p.Ref, "captured")
	q := url.Values{"razorpay_payment_id": {pay}, "razorpay_payment_link_id": {p.Ref}, "razorpay_payment_link_reference_id": {"att_77"},
		"razorpay_payment_link_status": {"paid"}, "razorpay_signature": {hmacOf(keySecret, p.Ref+"|att_77|paid|"+pay)}}
	for _, ref := range []string{p.Ref, ""} {
		r, err := g.Return(context.Background(), try(ref, gateway.Hosted), q)
		if err != nil || r.State != gateway.Succeeded || r.Payment != pay || r.Amount != sale().Amount || r.Fee != 236 || !r.At.Equal(noon.Add(5*time.Second)) {
			t.Error(r, err)
		}
	}
	for name := range q {
		forged := url.Values{}
		for k, v := range q {
			forged[k] = v
		}
		forged[name] = []string{"x"}
		if r, err := g.Return(context.Background(), try(p.Ref, gateway.Hosted), forged); !fault.Is(err, fault.Invalid) {
			t.Error(name, r, err)
		}
	}
}

func TestTheSamplesOfRazorpaysOwnDocumentsAreRight(t *testing.T) {
	for text, want := range map[string]string{
		"order_IEIaMR65cu6nz3|pay_IH4NVgf4Dreq1l":               "0d4e745a1838664ad6c9c9902212a32d627d68e917290b0ad5f08ff4561bc50f",
		"pay_IDZNwZZFtnjyym|sub_ID6MOhgkcoHj9I":                 "601f383334975c714c91a7d97dd723eb56520318355863dcf3821c0d07a17693",
		"plink_IH3cNucfVEgV68|TSsd1989|paid|pay_IH3d0ara9bSsjQ": "07ae18789e35093e51d0a491eb9922646f3f82773547e5b0f67ee3f2d3bf7d5b",
	} {
		if !matches(keySecret, text, want) || matches(keySecret, text+" ", want) || matches(keySecret, text, want[:62]) || matches(keySecret, text, "") {
			t.Error(text)
		}
	}
	_, g := serve(t)
	q := url.Values{"razorpay_payment_link_id": {"plink_IH3cNucfVEgV68"}, "razorpay_payment_link_reference_id": {"TSsd1989"}, "razorpay_payment_link_status": {"paid"},
		"razorpay_payment_id": {"pay_IH3d0ara9bSsjQ"}, "razorpay_signature": {"07ae18789e35093e51d0a491eb9922646f3f82773547e5b0f67ee3f2d3bf7d5b"}}
	if !g.returned(q) {
		t.Error("the sample of a payment link is not taken")
	}
}

func TestALostLinkIsFoundByItsReference(t *testing.T) {
	f, g := serve(t)
	f.hangUp = "/v1/payment_links"
	if _, err := g.Pay(context.Background(), sale()); err == nil {
		t.Fatal("the answer was lost, but nobody says so")
	}
	p, err := g.Pay(context.Background(), sale())
	if err != nil || len(f.lists["/v1/payment_links"]) != 1 || p.URL == "" {
		t.Fatal(p, err)
	}
	if r, err := g.Fetch(context.Background(), try("", gateway.Hosted)); err != nil || r.State != gateway.Open || r.Ref != p.Ref {
		t.Error(r, err)
	}
	other := try(p.Ref, gateway.Hosted)
	other.Key = "att_78"
	if r, err := g.Fetch(context.Background(), other); err == nil {
		t.Error("another's link pays for mine:", r)
	}
	if err := g.Cancel(context.Background(), try("", gateway.Hosted)); err != nil || f.kept["/v1/payment_links/"+p.Ref]["status"] != "cancelled" {
		t.Error(err)
	}
	if err := g.Cancel(context.Background(), try(p.Ref, gateway.Hosted)); err != nil {
		t.Error("closing it again:", err)
	}
	for _, status := range []string{"cancelled", "expired"} {
		f.kept["/v1/payment_links/"+p.Ref]["status"] = status
		if r, err := g.Fetch(context.Background(), try(p.Ref, gateway.Hosted)); err != nil || r.State != gateway.Closed {
			t.Error(r, err)
		}
	}
}

func TestMoneyThatIsOnlyReservedIsTakenWhileItIsWanted(t *testing.T) {
	f, g := serve(t)
	p, _ := g.Pay(context.Background(), sale())
	f.finish(p.Ref, "authorized")
	for _, change := range []func(*gateway.Attempt){func(a *gateway.Attempt) { a.Wanted = false }, func(a *gateway.Attempt) { a.Amount.Minor++ }} {
		a := try(p.Ref, gateway.Hosted)
		change(&a)
		if r, err := g.Fetch(context.Background(), a); err != nil || r.State != gateway.Processing {
			t.Error(r, err)
		}
	}
	if r, err := g.Fetch(context.Background(), try(p.Ref, gateway.Hosted)); err != nil || r.State != gateway.Succeeded {
		t.Error(r, err)
	}
}

func TestWhatWasNeverMadeIsClosedButNotAtOnce(t *testing.T) {
	_, g := serve(t)
	for _, mode := range []gateway.Mode{gateway.Hosted, gateway.Saved, gateway.Setup} {
		a := try("", mode)
		if r, err := g.Fetch(context.Background(), a); err == nil || r.State != gateway.Unknown {
			t.Error(mode, r, err)
		}
		a.Began = noon.Add(-time.Hour)
		if r, err := g.Fetch(context.Background(), a); err != nil || r.State != gateway.Closed || g.Cancel(context.Background(), a) != nil {
			t.Error(mode, r, err)
		}
	}
}

func TestAnOrderThatRazorpayRefusesIsAFaultOfOurOwn(t *testing.T) {
	f, g := serve(t)
	f.refuse["/v1/payment_links"] = &refused{status: 400, code: "BAD_REQUEST_ERROR", field: "amount"}
	if _, err := g.Pay(context.Background(), sale()); err == nil || fault.Of(err).Kind != fault.Ours {
		t.Error(err)
	}
	delete(f.refuse, "/v1/payment_links")
	o := sale()
	o.Amount = money.Amount{Minor: 99, Currency: "INR"}
	if _, err := g.Pay(context.Background(), o); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
	if long := reference(strings.Repeat("x", 41)); len(long) != 40 || reference("att_77") != "att_77" {
		t.Error(long)
	}
}
