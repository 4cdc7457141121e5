package hook

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"rowhouse/data/fault"
)

// MaxURL is the most that an address may have, in bytes.
const MaxURL = 500

// Address checks where a webhook is to send. Names are looked up only when something is sent, and checked again then.
func (hs *Hooks) Address(s string) (string, error) {
	s = strings.TrimSpace(s)
	u, err := url.Parse(s)
	if err != nil || len(s) > MaxURL || u.Hostname() == "" || u.Opaque != "" || u.Fragment != "" || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return "", fault.New(fault.Invalid, "Please enter an address like %s", "https://example.com/hook")
	}
	if u.User != nil {
		return "", fault.New(fault.Invalid, "Please leave name and password out of the address: each message is signed instead.")
	}
	here := u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1"
	if u.Scheme != "https" && (u.Scheme != "http" || !hs.Local || !here) {
		return "", fault.New(fault.Invalid, "The address must begin with https://")
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !hs.public(ip) || here && !hs.Local {
		return "", fault.New(fault.Invalid, "This address is in a private network. Only public ones are told.")
	}
	return s, nil
}

// private are the networks, beside those that netip knows, in which machines of the host's own may be.
func private() []string {
	return []string{"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10"}
}

// public tells whether a webhook may reach an address: not the host's own networks, nor what a cloud tells its machines at 169.254.169.254.
func (hs *Hooks) public(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if ip.IsLoopback() {
		return hs.Local
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	for _, network := range private() {
		if netip.MustParsePrefix(network).Contains(ip) {
			return false
		}
	}
	return true
}

// errPrivate is a receiver whose name leads to where nothing is sent.
func errPrivate(ip string) error {
	return fault.New(fault.Denied, "The address leads to %s, which is in a private network.", ip)
}

// checked refuses a connection by the address that it is really made to, however its name was resolved.
func (hs *Hooks) checked(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	ip, err := netip.ParseAddr(host)
	if err != nil || !hs.public(ip) {
		return errPrivate(host)
	}
	return nil
}
