package stripe

import (
	"strings"

	api "github.com/stripe/stripe-go/v76"

	"rowhouse/billing/gateway"
)

// method is a saved way to pay in our words; nil if there is none.
func method(pm *api.PaymentMethod, owner *api.Customer) *gateway.Method {
	if pm == nil || pm.ID == "" {
		return nil
	}
	m := &gateway.Method{Ref: pm.ID, Label: label(pm)}
	if pm.Customer != nil {
		owner = pm.Customer
	}
	if owner != nil {
		m.Customer = owner.ID
	}
	if pm.Card != nil {
		m.Month, m.Year = int(pm.Card.ExpMonth), int(pm.Card.ExpYear)
	}
	return m
}

// label is what the customer knows the method by.
func label(pm *api.PaymentMethod) string {
	switch {
	case pm.Card != nil:
		return ending(brand(string(pm.Card.Brand)), pm.Card.Last4)
	case pm.SEPADebit != nil:
		return ending("SEPA", pm.SEPADebit.Last4)
	case pm.USBankAccount != nil:
		return ending(pm.USBankAccount.BankName, pm.USBankAccount.Last4)
	case pm.BACSDebit != nil:
		return ending("Bacs", pm.BACSDebit.Last4)
	case pm.AUBECSDebit != nil:
		return ending("BECS", pm.AUBECSDebit.Last4)
	case pm.ACSSDebit != nil:
		return ending(pm.ACSSDebit.BankName, pm.ACSSDebit.Last4)
	}
	return brand(string(pm.Type))
}

func ending(name, last4 string) string {
	if last4 == "" {
		return name
	}
	return strings.TrimSpace(name + " •••• " + last4)
}

// brand is the name of a card or kind of method as it is printed.
func brand(s string) string {
	switch s {
	case "amex":
		return "American Express"
	case "diners":
		return "Diners Club"
	case "jcb":
		return "JCB"
	case "unionpay":
		return "UnionPay"
	case "eftpos_au":
		return "Eftpos"
	case "", "unknown":
		return "Card"
	}
	s = strings.ReplaceAll(s, "_", " ")
	return strings.ToUpper(s[:1]) + s[1:]
}
