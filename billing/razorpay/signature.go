package razorpay

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
)

// matches compares a signature in hexadecimal with the one that a text must have, in a time that does not depend on how much of it is right.
func matches(secret, text, signature string) bool {
	got, err := hex.DecodeString(signature)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return hmac.Equal(mac.Sum(nil), got) && err == nil
}

// returned tells whether the address to which a customer came back was made by Razorpay.
func (g *Razorpay) returned(q url.Values) bool {
	return matches(g.secret, q.Get("razorpay_payment_link_id")+"|"+q.Get("razorpay_payment_link_reference_id")+"|"+
		q.Get("razorpay_payment_link_status")+"|"+q.Get("razorpay_payment_id"), q.Get("razorpay_signature"))
}

// genuine tells whether a message was signed with one of the webhook's secrets. The body must be as it came, byte for byte.
func (g *Razorpay) genuine(body []byte, signature string) bool {
	found := false
	for _, secret := range g.hooks {
		found = matches(secret, string(body), signature) || found
	}
	return found
}
