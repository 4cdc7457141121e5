package paypal

import (
	"errors"
	"strconv"
	"strings"

	"rowhouse/data/fault"
	"rowhouse/data/money"
)

// currencies are those that PayPal takes. BRL and MYR are only for accounts of their countries.
func currencies() []string {
	return []string{"AUD", "BRL", "CAD", "CHF", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "JPY", "MXN", "MYR", "NOK", "NZD", "PHP",
		"PLN", "SEK", "SGD", "THB", "TWD", "USD"}
}

// sum is an amount as PayPal writes it.
type sum struct {
	Currency string `json:"currency_code"`
	Value    string `json:"value"`
}

// written is an amount as PayPal writes it. HUF and TWD have no cents there; an amount with some is a fault.Invalid.
func written(a money.Amount) (sum, error) {
	value := a.Decimal()
	if a.Minor <= 0 {
		return sum{}, fault.New(fault.Invalid, "There is nothing to pay.")
	}
	if a.Currency == "HUF" || a.Currency == "TWD" {
		whole, cents, _ := strings.Cut(value, ".")
		if strings.Trim(cents, "0") != "" {
			return sum{}, fault.New(fault.Invalid, "PayPal takes only whole amounts in %s.", a.Currency)
		}
		value = whole
	}
	return sum{a.Currency, value}, nil
}

// amount reads what PayPal wrote. It is stricter than what people may write: a machine uses neither commas nor spaces.
func (s sum) amount() (money.Amount, error) {
	digits := money.Exponent(s.Currency)
	whole, part, _ := strings.Cut(s.Value, ".")
	for len(part) > digits && strings.HasSuffix(part, "0") {
		part = part[:len(part)-1]
	}
	if len(part) > digits || whole == "" || strings.Trim(whole+part, "0123456789") != "" {
		return money.Amount{}, errors.New("an amount is not understood")
	}
	n, err := strconv.ParseInt(whole+part+strings.Repeat("0", digits-len(part)), 10, 64)
	if err != nil {
		return money.Amount{}, errors.New("an amount is not understood")
	}
	return money.Amount{Minor: n, Currency: s.Currency}, nil
}
