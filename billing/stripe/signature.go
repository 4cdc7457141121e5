package stripe

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"rowhouse/data/fault"
)

// tolerance is how old a message may be, so that one that was overheard cannot be played again much later.
const tolerance = 300 * time.Second

// signed checks that a message was signed with one of our secrets, and lately. The body must be as it came, byte for byte.
func (g *Stripe) signed(header string, body []byte) error {
	stamp, sums := parts(header)
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || len(sums) == 0 {
		return fault.New(fault.Invalid, "The message has no signature.")
	}
	if !g.genuine(stamp, sums, body) {
		return fault.New(fault.Invalid, "The signature of the message is wrong.")
	}
	if age := g.now().Sub(time.Unix(seconds, 0)); age > tolerance || age < -tolerance {
		return fault.New(fault.Invalid, "The message is too old.")
	}
	return nil
}

// genuine compares each signature with each secret, in a time that does not depend on how much of it is right.
func (g *Stripe) genuine(stamp string, sums [][]byte, body []byte) bool {
	found := false
	for _, secret := range g.secrets {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(stamp + "."))
		mac.Write(body)
		want := mac.Sum(nil)
		for _, sum := range sums {
			found = hmac.Equal(want, sum) || found
		}
	}
	return found
}

// parts takes a header like t=1700000000,v1=5257a8… apart. While a secret is changed there are several v1.
func parts(header string) (stamp string, sums [][]byte) {
	for i, part := range strings.SplitN(header, ",", 20) {
		name, value, _ := strings.Cut(part, "=")
		if name == "t" && i == 0 {
			stamp = value
		}
		if sum, err := hex.DecodeString(value); name == "v1" && err == nil {
			sums = append(sums, sum)
		}
	}
	return stamp, sums
}
