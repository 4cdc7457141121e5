package money_test

import (
	"math/rand/v2"
	"testing"

	"rowhouse/data/fault"
	"rowhouse/data/money"
)

func TestAmountsAreReadAsPeopleWriteThem(t *testing.T) {
	for in, want := range map[string]money.Amount{
		"1,234.50": {123450, "EUR"}, "1.234,50": {123450, "EUR"}, "1234": {123400, "EUR"}, "1'234.50": {123450, "EUR"}, "1’234.50": {123450, "EUR"}, "1 234,5": {123450, "EUR"},
		"1\u00a0234,50": {123450, "EUR"}, "1\u202f234,50": {123450, "EUR"}, "-12.5": {-1250, "EUR"}, "−12,50": {-1250, "EUR"}, "0": {0, "EUR"}, ".5": {50, "EUR"}, "12.": {1200, "EUR"},
		"1,234": {123400, "EUR"}, "1.234": {123400, "EUR"}, "1,234,567": {123456700, "EUR"}, "1.234.567,89": {123456789, "EUR"}, "12,34,567.89": {123456789, "EUR"}, "0.12": {12, "EUR"}, "0,5": {50, "EUR"},
		"12 EUR": {1200, "EUR"}, "€12": {1200, "EUR"}, "€ -12": {-1200, "EUR"}, "-€12": {-1200, "EUR"}, "12 usd": {1200, "USD"}, "$1,234.50": {123450, "USD"}, "£3": {300, "GBP"}, "₹1,00,000": {10000000, "INR"},
		"¥1,200": {1200, "JPY"}, "1200 JPY": {1200, "JPY"}, "1.200 JPY": {1200, "JPY"}, "12.345 BHD": {12345, "BHD"}, "12,5 BHD": {12500, "BHD"}, "1,234.567 KWD": {1234567, "KWD"},
		"CHF 1'234.50": {123450, "CHF"}, "12.50 AED": {1250, "AED"}, "-12.50 SEK": {-1250, "SEK"}, "1000000000000": {100000000000000, "EUR"},
	} {
		if got, err := money.Parse(in, "EUR"); err != nil || got != want {
			t.Errorf("%q is read as %v (%v), want %v", in, got, err, want)
		}
	}
}

func TestWhatIsNoAmountIsRefused(t *testing.T) {
	for _, in := range []string{"", "-", ".", ",", "€", "EUR", "abc", "12 EURO", "12 XXX", "1e5", "0x10", "--5", "5-", "(5)", "1.2.3", "1,2,3", "1.234,567", "1,23.456,7", "12.345,678.9", "0.125", "1234.567", "1234,567",
		"12.50 JPY", "1.2345 BHD", "1,,234", "1..5", "1000000000000.01", "99999999999999999999", "9223372036854775807", "12 EUR USD", "12€$", "１２", "1\x00", "<b>1</b>", "+"} {
		if got, err := money.Parse(in, "EUR"); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q is read as %v (%v)", in, got, err)
		}
	}
	if _, err := money.Parse("12", "XXX"); !fault.Is(err, fault.Invalid) {
		t.Error("an unknown currency is taken:", err)
	}
}

func TestAnAmountSaidIsTheSameAmountRead(t *testing.T) {
	for _, currency := range money.Currencies {
		for range 50 {
			a := money.Amount{Minor: rand.Int64N(2e14) - 1e14, Currency: currency}
			for _, n := range []int64{a.Minor, a.Minor % 1000, a.Minor % 10} {
				a.Minor = n
				for _, said := range []string{a.Decimal() + " " + currency, currency + a.Decimal()} {
					if got, err := money.Parse(said, "EUR"); err != nil || got != a {
						t.Fatalf("%+v said as %q is read as %+v (%v)", a, said, got, err)
					}
				}
				if got, err := money.Parse(a.Decimal(), currency); err != nil || got != a {
					t.Fatalf("%+v said as %q is read as %+v (%v)", a, a.Decimal(), got, err)
				}
			}
		}
	}
}
