package stripe

import (
	"context"
	"strings"
	"testing"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
	"rowhouse/data/money"
)

var _ gateway.Gateway = (*Stripe)(nil)

func TestKeysThatCannotBeRightAreRefused(t *testing.T) {
	for why, keys := range map[string]gateway.Keys{
		"none":           {},
		"publishable":    {"secret_key": "pk_test_0123456789abc"},
		"webhook's":      {"secret_key": "whsec_0123456789abc"},
		"other":          {"secret_key": "0123456789abcdef"},
		"starred":        {"secret_key": "sk_live_****************abcd"},
		"short":          {"secret_key": "sk_live_"},
		"secret for key": {"secret_key": testKey, "webhook_secret": testKey},
		"old secret bad": {"secret_key": testKey, "webhook_secret": testSecret, "old_webhook_secret": "x"},
	} {
		g, err := Kind().New(keys, gateway.Options{})
		if !fault.Is(err, fault.Invalid) || g != nil || strings.Contains(err.Error(), "0123456789") {
			t.Errorf("%s: %v %v", why, g, err)
		}
	}
	for _, key := range []string{testKey, " sk_live_0123456789abc\n", "rk_live_0123456789abc"} {
		if _, err := Kind().New(gateway.Keys{"secret_key": key}, gateway.Options{}); err != nil {
			t.Error(err)
		}
	}
}

func TestAWrongKeyIsNoticedBeforeAnythingIsMoved(t *testing.T) {
	f, g := serve(t)
	if err := g.Check(context.Background()); err != nil {
		t.Error(err)
	}
	wrong, _ := New(gateway.Keys{"secret_key": "sk_test_anotherKey0000zzzz"}, gateway.Options{Base: f.URL})
	if err := wrong.Check(context.Background()); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
}

func TestStripeIsAskedToSendItsMessages(t *testing.T) {
	f, g := serve(t)
	secret, err := g.Listen(context.Background(), "https://host.example/hooks/stripe")
	if err != nil || secret != "whsec_fresh0123456789" {
		t.Fatal(err)
	}
	call := f.last(t, "/v1/webhook_endpoints").form
	if call.Get("api_version") != "2023-10-16" || call.Get("enabled_events[18]") != "customer.deleted" || call.Get("url") == "" {
		t.Error(call)
	}
	live, _ := New(gateway.Keys{"secret_key": "sk_live_0123456789abc"}, gateway.Options{Base: f.URL})
	if _, err := live.Listen(context.Background(), "http://host.example/"); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
}

func TestAmountsAreCountedAsStripeCounts(t *testing.T) {
	for _, c := range []struct {
		ours  money.Amount
		units int64 // 0 is refused
	}{
		{money.Amount{Minor: 2900, Currency: "EUR"}, 2900}, {money.Amount{Minor: 500, Currency: "JPY"}, 500},
		{money.Amount{Minor: 12340, Currency: "KWD"}, 12340}, {money.Amount{Minor: 12345, Currency: "KWD"}, 0},
		{money.Amount{Minor: 1000, Currency: "CLP"}, 10}, {money.Amount{Minor: 1001, Currency: "CLP"}, 0},
		{money.Amount{Minor: 500, Currency: "ISK"}, 500}, {money.Amount{Minor: 550, Currency: "ISK"}, 0},
		{money.Amount{Minor: 17550, Currency: "HUF"}, 17550}, {money.Amount{Minor: 0, Currency: "EUR"}, 0}, {money.Amount{Minor: -5, Currency: "EUR"}, 0},
	} {
		n, err := units(c.ours)
		if n != c.units || (err != nil) != (c.units == 0) || err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%v is %d (%v)", c.ours, n, err)
		}
		if back := amount(n, strings.ToLower(c.ours.Currency)); err == nil && back != c.ours {
			t.Errorf("%v comes back as %v", c.ours, back)
		}
	}
}

func TestWhatCanBeTakenBeginsAtThePublishedLeast(t *testing.T) {
	_, g := serve(t)
	can := g.Can()
	for a, want := range map[money.Amount]bool{{Minor: 49, Currency: "EUR"}: false, {Minor: 50, Currency: "EUR"}: true, {Minor: 17499, Currency: "HUF"}: false, {Minor: 1, Currency: "UAH"}: true} {
		if can.Takes(a) != want {
			t.Error(a)
		}
	}
}

func TestThePageSpeaksTheCustomersLanguage(t *testing.T) {
	for tag, want := range map[string]string{"de": "de", "de-AT": "de", "pt-br": "pt-BR", "en-GB": "en-GB", "en-US": "en", "no": "nb", "ar": "auto", "": "auto"} {
		if got := locale(tag); got != want {
			t.Errorf("%q is %q", tag, got)
		}
	}
}
