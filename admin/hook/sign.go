package hook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// secretMark begins each secret, so that scanners for lost secrets find it.
const secretMark = "rhw_"

// oldSecret is how long the secret before is still used for a second signature.
const oldSecret = 24 * time.Hour

func newSecret() string { return secretMark + rand.Text() + rand.Text() }

// Sign is the header Rowhouse-Signature for a body sent at a moment, with one v1 for each secret.
func Sign(at time.Time, body []byte, secrets ...string) string {
	t := strconv.FormatInt(at.Unix(), 10)
	parts := []string{"t=" + t}
	for _, secret := range secrets {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(t + "."))
		mac.Write(body)
		parts = append(parts, "v1="+hex.EncodeToString(mac.Sum(nil)))
	}
	return strings.Join(parts, ",")
}
