package razorpay

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
	"rowhouse/data/money"
)

// notes are our marks on an object. Where there are none, Razorpay writes an empty list.
type notes map[string]string

// UnmarshalJSON reads notes; what is no object of texts is none.
func (n *notes) UnmarshalJSON(data []byte) error {
	var all map[string]any
	*n = notes{}
	if json.Unmarshal(data, &all) != nil {
		return nil
	}
	for k, v := range all {
		if s, ok := v.(string); ok {
			(*n)[k] = s
		}
	}
	return nil
}

// marks let an object be known again: which of several installations made it, and for what.
func (g *Razorpay) marks(o gateway.Order) object {
	return object{"install": g.install, "attempt": o.Attempt, "invoice": gateway.Clip(o.Invoice, 256)}
}

// reference is the key of an attempt, as it fits into the forty letters that Razorpay has for it.
func reference(attempt string) string {
	if len(attempt) <= 40 {
		return attempt
	}
	sum := sha256.Sum256([]byte(attempt))
	return hex.EncodeToString(sum[:20])
}

// number tells whether a text is a number of Razorpay's of one sort, so that it may stand in an address.
func number(s, sort string) bool {
	return strings.HasPrefix(s, sort) && len(s) > len(sort) && len(s) <= 64 &&
		strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// payable tells what is wrong with an amount.
func (g *Razorpay) payable(a money.Amount) error {
	if !g.Can().Takes(a) {
		return fault.New(fault.Invalid, "Razorpay cannot take %s %s.", a.Decimal(), a.Currency)
	}
	return nil
}
