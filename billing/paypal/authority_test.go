package paypal

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"testing"
	"time"
)

// authority is a PayPal of our own that signs messages, and the net on which its certificate lies.
type authority struct {
	roots   *x509.CertPool
	key     *rsa.PrivateKey
	chain   []byte
	fetched []string
	away    bool
}

func found(t testing.TB, name string, until time.Time) *authority {
	t.Helper()
	root, rootKey := certify(t, &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Root"}, IsCA: true,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, NotBefore: noon.Add(-time.Hour), NotAfter: noon.Add(time.Hour)}, nil, nil)
	leaf, key := certify(t, &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: noon.Add(-time.Hour), NotAfter: until}, root, rootKey)
	a := &authority{roots: x509.NewCertPool(), key: key, chain: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Raw})}
	a.roots.AddCert(root)
	return a
}

func certify(t testing.TB, c, parent *x509.Certificate, by *rsa.PrivateKey) (*x509.Certificate, *rsa.PrivateKey) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	if parent == nil {
		parent, by = c, key
	}
	raw, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, by)
	if err != nil {
		t.Fatal(err)
	}
	made, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	return made, key
}

// RoundTrip is the net: certificates come from the authority, all else from where it is.
func (a *authority) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme == "http" && r.URL.Hostname() == "127.0.0.1" {
		return http.DefaultTransport.RoundTrip(r)
	}
	a.fetched = append(a.fetched, r.URL.String())
	if a.away {
		return nil, io.ErrUnexpectedEOF
	}
	return &http.Response{StatusCode: 200, Body: io.NopCloser(bytes.NewReader(a.chain)), Request: r}, nil
}

func (a *authority) sign(t testing.TB, body string) http.Header {
	t.Helper()
	s := signature{Algorithm: "SHA256withRSA", Address: certAddress, ID: "69cd13f0-d67a-11e5-baa3-778b53f4ae55", Time: "2026-05-11T11:59:30Z", Webhook: webhookID}
	digest := sha256.Sum256(s.text([]byte(body)))
	sum, err := rsa.SignPKCS1v15(rand.Reader, a.key, crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	h := http.Header{}
	h.Set("PAYPAL-AUTH-ALGO", s.Algorithm)
	h.Set("PAYPAL-CERT-URL", s.Address)
	h.Set("PAYPAL-TRANSMISSION-ID", s.ID)
	h.Set("PAYPAL-TRANSMISSION-TIME", s.Time)
	h.Set("PAYPAL-TRANSMISSION-SIG", base64.StdEncoding.EncodeToString(sum))
	return h
}

// listen is a gateway that trusts the authority.
func listen(t testing.TB, a *authority) (*fake, *PayPal) {
	t.Helper()
	f, g := serve(t)
	g.http.Transport = a
	g.certs.roots = a.roots
	return f, g
}
