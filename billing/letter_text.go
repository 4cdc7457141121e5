package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"rowhouse/data/fault"
	"rowhouse/data/money"
	"rowhouse/ui"
	"rowhouse/ui/mail"
)

// LetterText is a letter in a language, as it is now.
type LetterText struct {
	Letter
	Language      string
	Subject, Text string
	Changed       bool // the host has written it
}

// LetterIn returns a letter in a language with the words of now. The error is a fault.Missing if there is no such letter or language.
func (b *Billing) LetterIn(ctx context.Context, kind, language string) (LetterText, error) {
	l, ok := LetterOf(kind)
	known := false
	for _, spoken := range ui.Languages {
		known = known || spoken.Tag == language
	}
	if !ok || !known {
		return LetterText{}, fault.New(fault.Missing, "There is no such letter.")
	}
	words := ui.WordsFor(language)
	t := LetterText{Letter: l, Language: language, Subject: words.T(l.Subject), Text: words.T(l.Body)}
	err := b.DB.QueryRow(ctx, `select subject, text, 1 from letter_text where kind = ? and language = ?`, kind, language).Scan(&t.Subject, &t.Text, &t.Changed)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return t, fmt.Errorf("read letter %s: %w", kind, err)
	}
	return t, nil
}

// KeepLetter checks and keeps the host's own words for a letter. The error is a fault.Invalid.
func (b *Billing) KeepLetter(ctx context.Context, t LetterText, actor string) error {
	t.Text = strings.ReplaceAll(t.Text, "\r\n", "\n")
	if err := t.Check(t.Subject, t.Text); err != nil {
		return err
	}
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `insert into letter_text (kind, language, subject, text) values (?, ?, ?, ?) on conflict (kind, language) do update set subject = excluded.subject, text = excluded.text`,
			t.Kind, t.Language, t.Subject, t.Text)
		if err != nil {
			return fmt.Errorf("keep letter %s: %w", t.Kind, err)
		}
		return b.Tenants.Audit(ctx, tx, actor, "write letter", "", t.Kind+" "+t.Language)
	})
}

// ResetLetter takes the built-in words again.
func (b *Billing) ResetLetter(ctx context.Context, kind, language, actor string) error {
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `delete from letter_text where kind = ? and language = ?`, kind, language); err != nil {
			return err
		}
		return b.Tenants.Audit(ctx, tx, actor, "reset letter", "", kind+" "+language)
	})
}

// Sample fills a letter's words with the facts of an example.
func (b *Billing) Sample(ctx context.Context, t LetterText) (subject, text string) {
	facts := b.example(ctx, t.Language)
	return strings.NewReplacer("\r", " ", "\n", " ").Replace(fill(t.Subject, facts)), fill(strings.ReplaceAll(t.Text, "\r\n", "\n"), facts)
}

// example are facts of a customer who does not exist.
func (b *Billing) example(ctx context.Context, language string) map[string]string {
	today, _ := b.Today(ctx) // without it the days are of 1970, which an example survives
	words := look(language)
	return map[string]string{"name": "Grace Hopper", "company": "Harbour Ltd", "crm": b.Tenants.URL("harbour") + "/admin", "brand": b.brand(ctx), "plan": "Pro",
		"link": b.Tenants.URL("harbour") + "/admin/billing", "home": b.Tenants.Home(), "number": "INV-2026-0042", "amount": say(language, money.Amount{Minor: 2900, Currency: "EUR"}),
		"date": sayDay(language, today), "next": sayDay(language, today+7), "until": words.T("There is nothing else to do."), "method": "Visa •••• 4242",
		"code": "123456", "minutes": "30", "email": "grace@harbour.example", "password": words.T("and the password that you chose when you registered."),
		"reason": words.T("the account does not hold enough at the moment"), "act": words.T("Nothing is deleted without two more letters."), "detail": words.T("There was nothing to pay.")}
}

// SendSample sends a letter with the facts of an example, so that the host sees it as a customer would.
func (b *Billing) SendSample(ctx context.Context, t LetterText, to string) error {
	if err := t.Check(t.Subject, t.Text); err != nil {
		return err
	}
	subject, text := b.Sample(ctx, t)
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		now := b.Clock.Now()
		err := mail.Post(ctx, tx, now, mail.Letter{Key: fmt.Sprintf("sample:%s:%s:%d", t.Kind, to, now.UnixMilli()), To: to, Subject: subject, Text: text})
		if err != nil {
			return err
		}
		return b.Tenants.Audit(ctx, tx, to, "send a test letter", "", t.Kind+" "+t.Language)
	})
}
