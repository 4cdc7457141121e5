package paypal

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
)

// most is how many chains of certificates are kept. PayPal uses one at a time.
const most = 8

// certificates are the chains under which PayPal signs, by their address.
type certificates struct {
	http  *http.Client
	roots *x509.CertPool // nil is those of the machine
	mu    sync.Mutex
	kept  map[string][]*x509.Certificate
	order []string // of the addresses, the oldest first
}

func newCertificates(c *http.Client) *certificates {
	return &certificates{http: c, kept: map[string][]*x509.Certificate{}}
}

// address checks that a certificate's address is PayPal's own and of our mode, before anything is fetched from it.
func (g *PayPal) address(s string) error {
	u, err := url.Parse(s)
	if err != nil || len(s) > 500 || u.Scheme != "https" || u.User != nil || u.Opaque != "" || u.Port() != "" ||
		!strings.HasSuffix(strings.ToLower(u.Hostname()), ".paypal.com") {
		return fault.New(fault.Invalid, "The message is not signed by PayPal.")
	}
	if sandbox := strings.Contains(strings.ToLower(u.Hostname()), "sandbox"); sandbox == g.live {
		return fault.New(fault.Invalid, "The message is of the other mode: sandbox and live are kept apart.")
	}
	return nil
}

// key is the public key at an address, after the whole chain was checked for this moment.
func (c *certificates) key(ctx context.Context, address string, now time.Time) (*rsa.PublicKey, error) {
	chain, err := c.chain(ctx, address)
	if err != nil {
		return nil, err
	}
	between := x509.NewCertPool()
	for _, cert := range chain[1:] {
		between.AddCert(cert)
	}
	_, err = chain[0].Verify(x509.VerifyOptions{Roots: c.roots, Intermediates: between, CurrentTime: now,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	if err != nil {
		return nil, err
	}
	key, ok := chain[0].PublicKey.(*rsa.PublicKey)
	if !ok || !theirs(chain[0]) {
		return nil, errors.New("the certificate is not PayPal's")
	}
	return key, nil
}

// theirs tells whether a certificate was made for PayPal.
func theirs(c *x509.Certificate) bool {
	return slices.ContainsFunc(append([]string{c.Subject.CommonName}, c.DNSNames...), func(name string) bool {
		return strings.HasSuffix(strings.ToLower(name), ".paypal.com")
	})
}

// chain is the chain at an address, the one that signs first.
func (c *certificates) chain(ctx context.Context, address string) ([]*x509.Certificate, error) {
	c.mu.Lock()
	chain, ok := c.kept[address]
	c.mu.Unlock()
	if ok {
		return chain, nil
	}
	chain, err := c.fetch(ctx, address)
	if err == nil {
		c.keep(address, chain)
	}
	return chain, err
}

func (c *certificates) keep(address string, chain []*x509.Certificate) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.kept[address]; !ok {
		c.order = append(c.order, address)
	}
	c.kept[address] = chain
	if len(c.order) > most {
		delete(c.kept, c.order[0])
		c.order = c.order[1:]
	}
}

func (c *certificates) fetch(ctx context.Context, address string) ([]*x509.Certificate, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	answer, err := c.http.Do(r)
	if err != nil {
		return nil, gateway.Unheard(err)
	}
	text, err := gateway.Whole(answer.Body)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, errors.New("there is no certificate")
	}
	return parse(text)
}

// parse reads the certificates of a chain. More than a few are no chain.
func parse(text []byte) (chain []*x509.Certificate, err error) {
	for len(chain) < 10 {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			break
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		chain = append(chain, cert)
	}
	if len(chain) == 0 {
		return nil, errors.New("there is no certificate")
	}
	return chain, nil
}
