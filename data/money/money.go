// Package money keeps amounts as whole minor units: cents, pence, paise, yen.
package money

import (
	"strconv"
	"strings"

	"rowhouse/data/fault"
)

// Amount is so many minor units of a currency.
type Amount struct {
	Minor    int64
	Currency string // ISO 4217: EUR
}

// Currencies are those that can be chosen, the most used first.
var Currencies = []string{"EUR", "USD", "GBP", "CHF", "INR", "JPY", "AED", "AUD", "BHD", "BRL", "CAD", "CNY", "CZK", "DKK", "EGP",
	"HUF", "IDR", "ILS", "KES", "KRW", "KWD", "MAD", "MXN", "MYR", "NGN", "NOK", "NZD", "OMR", "PHP", "PKR", "PLN", "QAR", "RON",
	"SAR", "SEK", "SGD", "THB", "TND", "TRY", "UAH", "VND", "ZAR"}

// Known tells whether a currency can be chosen.
func Known(currency string) bool {
	for _, c := range Currencies {
		if c == currency {
			return true
		}
	}
	return false
}

// Exponent is how many digits a currency has behind the point (ISO 4217).
func Exponent(currency string) int {
	switch currency {
	case "JPY", "KRW", "VND":
		return 0
	case "BHD", "KWD", "OMR", "TND":
		return 3
	}
	return 2
}

// Decimal says the amount with a point and without marks: 1234.50.
func (a Amount) Decimal() string {
	digits := Exponent(a.Currency)
	sign, n := "", a.Minor
	if n < 0 {
		sign, n = "-", -n
	}
	s := strconv.FormatInt(n, 10)
	for len(s) <= digits {
		s = "0" + s
	}
	if digits == 0 {
		return sign + s
	}
	return sign + s[:len(s)-digits] + "." + s[len(s)-digits:]
}

// most is the largest amount that is taken, in minor units: sums of millions of them still fit an int64.
const most = 1_000_000_000_000_00

// Parse reads an amount as people write it: 1,234.50 or 1.234,50 or 1234, perhaps with its currency.
// The last point or comma is the decimal one if at most as many digits as the currency has stand behind it.
func Parse(s, currency string) (Amount, error) {
	wrong := fault.New(fault.Invalid, "Please enter an amount like 1,234.50.")
	s = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "'", "", "’", "", "−", "-").Replace(s)
	s, currency = named(s, currency)
	if !Known(currency) {
		return Amount{}, fault.New(fault.Invalid, "%q is not a currency that can be chosen.", currency)
	}
	s, negative := strings.CutPrefix(s, "-")
	whole, part := split(s, Exponent(currency))
	if whole == "" && part == "" || strings.Trim(whole+part, "0123456789") != "" || len(part) > Exponent(currency) {
		return Amount{}, wrong
	}
	n, err := strconv.ParseInt("0"+whole+part+strings.Repeat("0", Exponent(currency)-len(part)), 10, 64)
	if err != nil || n > most {
		return Amount{}, fault.New(fault.Invalid, "This amount is too large.")
	}
	if negative {
		n = -n
	}
	return Amount{n, currency}, nil
}

// Named tells whether a text names its currency itself.
func Named(s string) bool {
	_, currency := named(s, "")
	return currency != ""
}

var signs = map[string]string{"€": "EUR", "$": "USD", "£": "GBP", "₹": "INR", "¥": "JPY"}

// named takes the currency off an amount: its letters or its sign, at either end. Without one it is otherwise.
func named(s, otherwise string) (amount, currency string) {
	for _, code := range Currencies {
		if i := strings.Index(strings.ToUpper(s), code); i >= 0 && len(strings.ToUpper(s)) == len(s) {
			return s[:i] + s[i+len(code):], code
		}
	}
	for sign, code := range signs {
		if strings.Contains(s, sign) {
			return strings.Replace(s, sign, "", 1), code
		}
	}
	return s, otherwise
}

// split parts the digits before the decimal mark from those behind it, and drops the marks between thousands.
func split(s string, exponent int) (whole, part string) {
	i := strings.LastIndexAny(s, ".,")
	if i < 0 {
		return s, ""
	}
	before, behind, mark := s[:i], s[i+1:], s[i:i+1]
	if strings.Count(s, mark) > 1 || len(behind) == 3 && exponent != 3 {
		before, behind = s, ""
	}
	if digits, ok := ungroup(before); ok {
		return digits, behind
	}
	return "?", ""
}

// ungroup drops the marks between groups of digits: of three, or of two before the last as in India.
// Marks of two sorts, or groups of another length, are no number.
func ungroup(s string) (string, bool) {
	i := strings.IndexAny(s, ".,")
	if i < 0 {
		return s, true
	}
	groups := strings.Split(s, s[i:i+1])
	last := len(groups) - 1
	if len(groups[0]) < 1 || len(groups[0]) > 3 || strings.HasPrefix(groups[0], "0") || len(groups[last]) != 3 {
		return "", false
	}
	for _, g := range groups[1:last] {
		if len(g) != len(groups[1]) || len(g) < 2 || len(g) > 3 {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}
