package shop

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"rowhouse/data/fault"
	"rowhouse/ui"
)

// A person takes longer than quickest to fill in the form; a form older than oldest was kept by a program.
const (
	quickest = 2 * time.Second
	oldest   = 24 * time.Hour
)

// errQuick is for programs; a person's next try goes through.
var errQuick = fault.New(fault.Invalid, "That was very quick. Please wait a moment and send the form once more.")

// stamp says when a form was drawn, signed so that nobody can make one.
func (s *Shop) stamp(now time.Time) string { return s.sign(strconv.FormatInt(now.UnixMilli(), 10)) }

// drawn reads a stamp: when the form was drawn, or false if the stamp is not ours.
func (s *Shop) drawn(stamp string) (time.Time, bool) {
	text, ok := s.signed(stamp)
	if !ok {
		return time.Time{}, false
	}
	ms, err := strconv.ParseInt(text, 10, 64)
	return time.UnixMilli(ms).UTC(), err == nil
}

// checkStamp refuses forms that were sent too quickly or too late. The next try of a person goes through.
func (s *Shop) checkStamp(stamp string, now time.Time) error {
	at, ok := s.drawn(stamp)
	switch {
	case !ok || now.Sub(at) > oldest || now.Before(at):
		return fault.New(fault.Invalid, "This form has been open for a long time. Please look it over and send it once more.")
	case now.Sub(at) < quickest:
		return errQuick
	}
	return nil
}

func (s *Shop) sign(text string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(text)) + "." + base64.RawURLEncoding.EncodeToString(s.mac(text))
}

func (s *Shop) signed(signed string) (string, bool) {
	head, tail, ok := strings.Cut(signed, ".")
	text, err := base64.RawURLEncoding.DecodeString(head)
	mac, err2 := base64.RawURLEncoding.DecodeString(tail)
	if !ok || err != nil || err2 != nil || !hmac.Equal(mac, s.mac(string(text))) {
		return "", false
	}
	return string(text), true
}

func (s *Shop) mac(text string) []byte {
	h := hmac.New(sha256.New, s.key[:])
	h.Write([]byte(text))
	return h.Sum(nil)
}

// sendDecoy answers a program that has filled the field that people do not see: it sees the same pages as everybody,
// but all of its registration is in the address of the page, and nothing is kept, reserved or sent.
func (s *Shop) sendDecoy(w http.ResponseWriter, r *http.Request, u signup) error {
	u.Decoy = true
	b, err := json.Marshal(u)
	if err != nil {
		return err
	}
	return ui.Back(w, r, "/register/"+s.sign(string(b)))
}

// decoy reads the registration of a program from its token.
func (s *Shop) decoy(token string) (signup, bool) {
	text, ok := s.signed(token)
	if !ok {
		return signup{}, false
	}
	var u signup
	err := json.Unmarshal([]byte(text), &u)
	return u, err == nil && u.Decoy
}
