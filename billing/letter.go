package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"rowhouse/data/fault"
	"rowhouse/data/money"
	"rowhouse/ui"
	"rowhouse/ui/mail"
)

// Letter is a sort of letter that customers get. Words in braces are filled in.
type Letter struct {
	Kind    string
	Label   string // for the host
	Subject string
	Body    string
	Facts   []string // what may stand in braces, beside those of every letter
	Alone   bool     // nothing else may: it goes to an address that nobody has proven, so it holds no words of its sender
}

// every is what may stand in braces in every letter.
var every = []string{"name", "company", "crm", "brand", "plan", "link"}

// Known are all the words that may stand in braces.
func (l Letter) Known() []string {
	if l.Alone {
		return l.Facts
	}
	return append(slices.Clone(every), l.Facts...)
}

// LetterOf returns the letter of a kind.
func LetterOf(kind string) (Letter, bool) {
	for _, l := range Letters {
		if l.Kind == kind {
			return l, true
		}
	}
	return Letter{}, false
}

var inBraces = regexp.MustCompile(`\{([a-z_]*)\}`)

// Check refuses a text of the host's that names something a letter does not know. The error is a fault.Invalid.
func (l Letter) Check(subject, text string) error {
	if strings.TrimSpace(subject) == "" || strings.TrimSpace(text) == "" {
		return fault.New(fault.Invalid, "A letter has a subject and a text.")
	}
	if strings.ContainsAny(subject, "\r\n") || len(subject) > 200 || len(text) > 10000 {
		return fault.New(fault.Invalid, "The subject is one line of at most 200 characters, the text has at most 10,000.")
	}
	for _, m := range inBraces.FindAllStringSubmatch(subject+text, -1) {
		if !slices.Contains(l.Known(), m[1]) {
			return fault.New(fault.Invalid, "{%s} is not known in this letter. These are: %s", m[1], "{"+strings.Join(l.Known(), "} {")+"}")
		}
	}
	return nil
}

// fill puts the facts into a text.
func fill(text string, facts map[string]string) string {
	return inBraces.ReplaceAllStringFunc(text, func(name string) string { return facts[name[1:len(name)-1]] })
}

// Write is the letter in a language, with the host's own words where it has written some.
func (l Letter) Write(ctx context.Context, tx *sql.Tx, language string, facts map[string]string) (subject, text string, err error) {
	words := ui.WordsFor(language)
	subject, text = words.T(l.Subject), words.T(l.Body)
	err = tx.QueryRowContext(ctx, `select subject, text from letter_text where kind = ? and language = ?`, l.Kind, language).Scan(&subject, &text)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", "", fmt.Errorf("read letter %s: %w", l.Kind, err)
	}
	oneLine := strings.NewReplacer("\r", " ", "\n", " ").Replace
	return oneLine(fill(subject, facts)), fill(text, facts), nil
}

// facts are what every letter about a subscription knows.
func (b *Billing) facts(ctx context.Context, tx *sql.Tx, s Subscription, c Customer) (map[string]string, error) {
	var name, company, plan string
	err := tx.QueryRowContext(ctx, `select t.name, t.company, p.name from tenant t, plan p where t.id = ? and p.id = ?`, s.Tenant, s.Plan).Scan(&name, &company, &plan)
	if err != nil {
		return nil, fmt.Errorf("find tenant %d: %w", s.Tenant, err)
	}
	return map[string]string{"name": c.Name, "company": company, "crm": b.Tenants.URL(name) + "/admin", "brand": b.brand(ctx), "plan": plan,
		"link": b.Tenants.URL(name) + "/admin/billing"}, nil
}

func (b *Billing) brand(ctx context.Context) string {
	if b.Tenants.Brand == nil {
		return "Rowhouse"
	}
	return b.Tenants.Brand(ctx)
}

// post writes a letter to a subscription's customer, once for each key. attach is a document that goes with it, or empty.
func (b *Billing) post(ctx context.Context, tx *sql.Tx, kind, key string, s Subscription, more map[string]string, attach string) error {
	l, ok := LetterOf(kind)
	if !ok {
		return fmt.Errorf("there is no letter %s", kind)
	}
	c, err := customerIn(ctx, tx, s.Customer)
	if err != nil {
		return err
	}
	facts, err := b.facts(ctx, tx, s, c)
	if err != nil {
		return err
	}
	for name, value := range more {
		facts[name] = value
	}
	subject, text, err := l.Write(ctx, tx, c.Language, facts)
	if err != nil {
		return err
	}
	return mail.Post(ctx, tx, b.Clock.Now(), mail.Letter{Key: key, To: c.Email, Subject: subject, Text: text, Attach: attach})
}

// look formats amounts and days in a customer's language.
func look(language string) *ui.Look { return &ui.Look{Words: ui.WordsFor(language), Zone: time.UTC} }

// say is an amount in a customer's language.
func say(language string, a money.Amount) string {
	return clean(look(language).Money(a.Minor, a.Currency))
}

// clean takes the marks of direction out of an amount: letters are plain text.
func clean(s string) string {
	return strings.NewReplacer("\u2066", "", "\u2069", "", "\u200e", "", "\u200f", "").Replace(s)
}

// sayDay is a day in a customer's language.
func sayDay(language string, d Day) string { return look(language).Day(d.String()) }
