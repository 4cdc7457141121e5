package paypal

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"net/http"

	"rowhouse/data/fault"
)

// signature is what PayPal sends beside a message to prove that it is its own.
type signature struct {
	Algorithm string `json:"auth_algo"`
	Address   string `json:"cert_url"`
	ID        string `json:"transmission_id"`
	Sum       string `json:"transmission_sig"`
	Time      string `json:"transmission_time"`
	Webhook   string `json:"webhook_id"`
}

func (g *PayPal) signature(h http.Header) signature {
	return signature{Algorithm: h.Get("Paypal-Auth-Algo"), Address: h.Get("Paypal-Cert-Url"), ID: h.Get("Paypal-Transmission-Id"),
		Sum: h.Get("Paypal-Transmission-Sig"), Time: h.Get("Paypal-Transmission-Time"), Webhook: g.webhook}
}

// genuine checks a message with PayPal's certificate, or by asking PayPal if the certificate cannot be had or is not understood.
// A forged message is a fault.Invalid; any other error means that it could not be checked now.
func (g *PayPal) genuine(ctx context.Context, s signature, body []byte) error {
	if s.ID == "" || s.Sum == "" || s.Time == "" {
		return fault.New(fault.Invalid, "The message has no signature.")
	}
	if err := g.address(s.Address); err != nil {
		return err
	}
	if s.Algorithm != "SHA256withRSA" {
		return g.confirm(ctx, s, body)
	}
	key, err := g.certs.key(ctx, s.Address, g.now())
	if err != nil {
		return g.confirm(ctx, s, body)
	}
	sum, err := base64.StdEncoding.DecodeString(s.Sum)
	digest := sha256.Sum256(s.text(body))
	if err != nil || rsa.VerifyPKCS1v15(key, crypto.SHA256, digest[:], sum) != nil {
		return fault.New(fault.Invalid, "The signature of the message is wrong.")
	}
	return nil
}

// text is what was signed. The message itself goes into it as a checksum of its bytes, just as they came.
func (s signature) text(body []byte) []byte {
	return fmt.Appendf(nil, "%s|%s|%s|%d", s.ID, s.Time, s.Webhook, crc32.ChecksumIEEE(body))
}

// confirm asks PayPal whether a message is its own.
func (g *PayPal) confirm(ctx context.Context, s signature, body []byte) error {
	asked, err := s.question(body)
	if err != nil {
		return err
	}
	var said struct {
		Status string `json:"verification_status"`
	}
	err = g.call(ctx, http.MethodPost, "/v1/notifications/verify-webhook-signature", "", asked, &said)
	if r, ok := refusal(err); ok && r.status == http.StatusBadRequest {
		return fault.Because(failed("checking a message", err), fault.Invalid, "The signature of the message is wrong.")
	}
	if err != nil {
		return failed("checking a message", err)
	}
	if said.Status != "SUCCESS" {
		return fault.New(fault.Invalid, "The signature of the message is wrong.")
	}
	return nil
}

// question is the call in which PayPal is asked. The message goes in byte for byte: written anew, even with the same meaning,
// it would have another checksum than the one that was signed.
func (s signature) question(body []byte) ([]byte, error) {
	if !json.Valid(body) {
		return nil, fault.New(fault.Invalid, "The message is not understood.")
	}
	head, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	head = append(bytes.TrimSuffix(head, []byte("}")), `,"webhook_event":`...)
	return append(append(head, body...), '}'), nil
}
