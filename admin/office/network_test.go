package office

import (
	"fmt"
	"net/netip"
	"testing"
)

func TestNetworks(t *testing.T) {
	nets, err := ParseNetworks("\r\n203.0.113.7\n 198.51.100.9/24 \n2001:db8::1\n::ffff:192.0.2.0/120\n203.0.113.7\n")
	if err != nil || fmt.Sprint(nets) != "[203.0.113.7/32 198.51.100.0/24 2001:db8::1/128 192.0.2.0/24]" {
		t.Error(nets, err)
	}
	a := Account{Networks: nets}
	for ip, want := range map[string]bool{"203.0.113.7": true, "203.0.113.8": false, "::ffff:203.0.113.7": true, "198.51.100.200": true,
		"192.0.2.1": true, "2001:db8::1": true, "2001:db8::2": false, "::ffff:1.2.3.4": false} {
		if a.From(netip.MustParseAddr(ip)) != want {
			t.Errorf("%s: not %v", ip, want)
		}
	}
	if a.From(netip.Addr{}) || !(Account{}).From(netip.MustParseAddr("203.0.113.7")) {
		t.Error("no address, or no networks")
	}
	for _, bad := range []string{"host.example", "1.2.3", "1.2.3.4/33", "fe80::1%eth0", "::ffff:1.2.3.4/40", "1.2.3.4 5.6.7.8"} {
		_, err := ParseNetworks("203.0.113.7\n" + bad)
		want := fmt.Sprintf("Line 2, %q, is neither an address like 203.0.113.7 nor a network like 203.0.113.0/24.", bad)
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
