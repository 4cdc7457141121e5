package billing

import (
	"context"
	"database/sql"
	"fmt"

	"rowhouse/tenant"
	"rowhouse/ui"
	"rowhouse/ui/mail"
)

// Welcome is the letter that says where a new CRM is. It never holds a password: the owner knows the one that was typed at
// registration, or gets a link to set one.
func (b *Billing) Welcome(ctx context.Context, tx *sql.Tx, t tenant.Tenant, link string) (mail.Letter, error) {
	l, _ := LetterOf("welcome")
	words := ui.WordsFor(t.Language)
	password := words.T("and the password that you chose when you registered.")
	if link != "" {
		password = words.T("after choosing a password here; the link works once, for 24 hours:") + "\n\n    " + link
	}
	crm := b.Tenants.URL(t.Name) + "/admin"
	subject, text, err := l.Write(ctx, tx, t.Language, map[string]string{"name": t.OwnerName, "company": t.Company, "crm": crm, "brand": b.brand(ctx), "plan": t.Limits.Plan,
		"link": crm, "email": t.OwnerEmail, "password": password})
	return mail.Letter{Key: fmt.Sprintf("welcome/%s", t.UID), To: t.OwnerEmail, Subject: subject, Text: text}, err
}

// remindOrder writes once to somebody whose order has waited for its payment for half a day.
func (b *Billing) remindOrder(ctx context.Context, tx *sql.Tx, id int64, today Day) error {
	i, err := invoiceIn(ctx, tx, id)
	if err != nil || i.State != InvoiceOpen || i.VoidOn < today {
		return err
	}
	s, err := subscriptionIn(ctx, tx, i.Subscription)
	if err != nil || s.State != Incomplete {
		return err
	}
	facts := b.invoiceFacts(i)
	facts["date"] = sayDay(i.Buyer.Language, i.VoidOn)
	return b.post(ctx, tx, "signup_reminder", fmt.Sprint("sremind:", s.ID), s, facts, "")
}
