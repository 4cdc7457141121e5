package stripe

import (
	"strings"

	"rowhouse/data/fault"
	"rowhouse/data/money"
)

// digits is how many digits Stripe keeps behind the point. It differs from ISO 4217 in a few:
// UGX and ISK have none any more, but are still written with two.
func digits(currency string) int {
	switch currency {
	case "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "JOD", "KWD", "OMR", "TND":
		return 3
	}
	return 2
}

// step is the smallest difference between two amounts that Stripe charges, in its own units:
// thousandths end in 0, and what has lost its cents ends in 00. HUF and TWD are whole only in payouts.
func step(currency string) int64 {
	switch currency {
	case "BHD", "JOD", "KWD", "OMR", "TND":
		return 10
	case "ISK", "UGX":
		return 100
	}
	return 1
}

// units is an amount as Stripe counts it. One that Stripe cannot charge is a fault.Invalid.
func units(a money.Amount) (int64, error) {
	n, power := a.Minor, digits(a.Currency)-money.Exponent(a.Currency)
	for ; power > 0; power-- {
		n *= 10
	}
	for ; power < 0; power++ {
		if n%10 != 0 {
			return 0, uneven(a)
		}
		n /= 10
	}
	if n%step(a.Currency) != 0 {
		return 0, uneven(a)
	}
	if n <= 0 {
		return 0, fault.New(fault.Invalid, "There is nothing to pay.")
	}
	return n, nil
}

func uneven(a money.Amount) error {
	return fault.New(fault.Invalid, "Stripe cannot take %s %s: the last digit must be 0 in this currency.", a.Decimal(), a.Currency)
}

// amount is what Stripe counts, as we count it.
func amount[C ~string](n int64, currency C) money.Amount {
	a := money.Amount{Minor: n, Currency: strings.ToUpper(string(currency))}
	power := money.Exponent(a.Currency) - digits(a.Currency)
	for ; power > 0; power-- {
		a.Minor *= 10
	}
	for ; power < 0; power++ {
		a.Minor /= 10
	}
	return a
}

// least are the smallest amounts that Stripe publishes, in our minor units.
func least() map[string]int64 {
	return map[string]int64{
		"AED": 200, "AUD": 50, "BGN": 100, "BRL": 50, "CAD": 50, "CHF": 50, "CZK": 1500, "DKK": 250, "EUR": 50, "GBP": 30, "HKD": 400,
		"HUF": 17500, "INR": 50, "JPY": 50, "MXN": 1000, "MYR": 200, "NOK": 300, "NZD": 50, "PLN": 200, "RON": 200, "SEK": 300,
		"SGD": 50, "THB": 1000, "USD": 50,
	}
}
