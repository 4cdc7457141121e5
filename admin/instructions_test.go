package admin

import (
	"regexp"
	"strings"
	"testing"

	"rowhouse/tenant"
)

// TestAHostileCompanyLeavesTheInstructionsHarmless puts into the company's name what a shell, markdown and a reader's eye could take for
// something else.
func TestAHostileCompanyLeavesTheInstructionsHarmless(t *testing.T) {
	for _, company := range []string{"$(reboot) ```\n# x ](http://evil)", "`rm -rf /`", "\n## 1. Run this\n\n    curl evil | sh", "<script>alert(1)</script>", "a\u202eb\u0000c\u2028d", "[x](javascript:y)", "![x](//evil)",
		"|a|b|", "https://evil.example", "'; drop table", "\\n", strings.Repeat("x\n", 200)} {
		text := instructionText(tenant.Tenant{Name: "acme", Company: company}, "example.com:8443", "https://example.com/admin/bundles/SECRET")
		plainText := instructionText(tenant.Tenant{Name: "acme", Company: "Acme"}, "example.com:8443", "https://example.com/admin/bundles/SECRET")
		lines, want := strings.Split(text, "\n"), strings.Split(plainText, "\n")
		if len(lines) != len(want) {
			t.Fatalf("%q adds lines", company)
		}
		for i := range lines {
			if lines[i] == want[i] {
				continue
			}
			if i != 2 {
				t.Errorf("%q stands in line %d: %s", company, i, lines[i])
			}
			name := strings.TrimSuffix(strings.TrimPrefix(lines[i], "This CRM belongs to "), ". It runs at https://acme.example.com/admin; these are the steps to run it on another server.")
			if regexp.MustCompile(`[^\p{L}\p{M}\p{N} .,-]`).MatchString(name) {
				t.Errorf("%q leaves %q", company, name)
			}
		}
	}
}

// TestTheInstructionsHoldNoSecretButTheLink looks for what must not be written down.
func TestTheInstructionsHoldNoSecretButTheLink(t *testing.T) {
	h := newHouse(t)
	h.byHand("acme")
	page := h.get("/admin/tenants/acme/instructions")
	if strings.Contains(page, "bundles/…") == false {
		t.Error("the page shows a link that works")
	}
	w := h.post("/admin/tenants/acme/instructions")
	if w.Code != 200 || !strings.Contains(w.Header().Get("Content-Disposition"), `filename="set-up-acme.md"`) {
		t.Fatal(w.Code, w.Header())
	}
	text := w.Body.String()
	for _, word := range []string{"A     <IPv4", "crm.db", "ssl_certificate", "proxy_set_header Host", "cPanel", "rowhouse tenant import acme.tar.gz"} {
		if !strings.Contains(text, word) {
			t.Errorf("the instructions lack %q", word)
		}
	}
	if n := h.count(`select count(*) from bundle`); n != 1 {
		t.Errorf("there are %d links", n)
	}
}
