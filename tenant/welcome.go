package tenant

import (
	"context"
	"fmt"
	"strings"

	"rowhouse/ui"
	"rowhouse/ui/mail"
)

// welcome is the letter that says where the new CRM is. It never holds a password: the owner knows the one that was typed
// at registration, or gets a link to set one.
func (ts *Tenants) welcome(ctx context.Context, t Tenant, link string) mail.Letter {
	words := ui.WordsFor(t.Language)
	brand := ts.Brand(ctx)
	var b strings.Builder
	line := func(format string, args ...any) { b.WriteString(words.T(format, args...) + "\n") }
	line("Hello %s,", t.OwnerName)
	b.WriteString("\n")
	line("the CRM of %s is ready. This is where your team works:", t.Company)
	fmt.Fprintf(&b, "\n    %s/admin\n\n", ts.URL(t.Name))
	line("You sign in with %s", t.OwnerEmail)
	if link == "" {
		line("and the password that you chose when you registered.")
	} else {
		line("Please choose your password here first; the link works once, for 24 hours:")
		fmt.Fprintf(&b, "\n    %s\n", link)
	}
	b.WriteString("\n")
	line("The first steps:")
	for i, step := range []string{"Enter your company's address and choose your colour: Settings.", "Invite a colleague: Staff.",
		"Bring your leads: type one, or import a file from your spreadsheet.", "Open the board and drag the first card."} {
		fmt.Fprintf(&b, "  %d. %s\n", i+1, words.T(step))
	}
	b.WriteString("\n")
	line("If anything is unclear, just answer this letter.")
	b.WriteString("\n" + brand + "\n")
	return mail.Letter{Key: fmt.Sprintf("welcome/%s", t.UID), To: t.OwnerEmail,
		Subject: words.T("Welcome to %s – Your CRM is Ready!", brand), Text: b.String()}
}
