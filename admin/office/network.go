package office

import (
	"net/netip"
	"slices"
	"strings"

	"rowhouse/data/fault"
)

// maxNetworks is how many networks an account may have.
const maxNetworks = 100

// ParseNetworks reads addresses and networks, one a line. Empty lines do not count.
func ParseNetworks(text string) ([]netip.Prefix, error) {
	var found []netip.Prefix
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		p, ok := network(line)
		if !ok {
			return nil, fault.New(fault.Invalid, "Line %d, %q, is neither an address like 203.0.113.7 nor a network like 203.0.113.0/24.", i+1, line)
		}
		if !slices.Contains(found, p) {
			found = append(found, p)
		}
	}
	if len(found) > maxNetworks {
		return nil, fault.New(fault.Invalid, "Please name at most %d networks.", maxNetworks)
	}
	return found, nil
}

// network reads one address or network. What is written as IPv4 within IPv6 becomes IPv4, as addresses do when they are compared.
func network(s string) (netip.Prefix, bool) {
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	p, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, false
	}
	if p.Addr().Is4In6() {
		if p.Bits() < 96 {
			return netip.Prefix{}, false
		}
		p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96)
	}
	return p.Masked(), true
}
