package session

import (
	"crypto/rand"
	"encoding/base64"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
	"rsc.io/qr"
)

// NewFactor returns the secret of a new second factor and the picture that a phone reads it from.
func NewFactor(issuer, account string) (secret, picture string, err error) {
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: account, Rand: rand.Reader})
	if err != nil {
		return "", "", err
	}
	return key.Secret(), Picture(issuer, account, key.Secret()), nil
}

// Picture draws the code of a second factor for a phone's camera, as a data address.
func Picture(issuer, account, secret string) string {
	key, err := otp.NewKeyFromURL("otpauth://totp/" + escape(issuer) + ":" + escape(account) + "?secret=" + secret + "&issuer=" + escape(issuer))
	if err != nil {
		return ""
	}
	code, err := qr.Encode(key.String(), qr.M)
	if err != nil {
		return ""
	}
	code.Scale = 5
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(code.PNG())
}

// CheckFactor tells whether code is right at now, and the number of its half minute: a code counts once,
// so the caller refuses one whose number is not above the last.
func CheckFactor(secret, code string, now time.Time) (step int64, ok bool) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	for _, drift := range []int64{0, -1, 1} {
		step := now.Unix()/30 + drift
		valid, err := totp.ValidateCustom(code, secret, time.Unix(step*30, 0), totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix})
		if err == nil && valid {
			return step, true
		}
	}
	return 0, false
}

// RecoveryCodes returns ten codes for the day the phone is lost, and what is kept of them.
func RecoveryCodes() (codes, kept []string) {
	for range 10 {
		t := strings.ToLower(rand.Text())
		code := t[:5] + "-" + t[5:10]
		codes = append(codes, code)
		kept = append(kept, hash(code))
	}
	return codes, kept
}

// KeptCode is what is kept of a recovery code as somebody typed it.
func KeptCode(typed string) string { return hash(strings.ToLower(strings.TrimSpace(typed))) }

func escape(s string) string {
	return strings.NewReplacer("%", "%25", " ", "%20", ":", "%3A", "?", "%3F", "&", "%26", "#", "%23", "/", "%2F").Replace(s)
}
