package shop

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

// Texts are the host's brand and words. What the host has not written is built in.
type Texts struct {
	Brand    string
	Hue      int    // 0 to 359
	Logo     string // a path on this site or a data address; empty: the first letter is drawn
	Contact  string // an e-mail address, or empty
	Mode     Mode   // who can register
	Closed   bool   // nobody can
	Kicker   string
	Headline string
	Subline  string
	Features []Block
	Benefits []Block
	Facts    []Block // a number or a word in large letters, and what it counts
	FAQ      []Block
	Closing  Block
	Terms    string
	Privacy  string
	Imprint  string
}

// Block is a title with some words. Icon is one of the sprite's, or empty.
type Block struct{ Icon, Title, Text string }

// Texts returns the host's texts. They are asked for with each page, so they are kept until the host's file changes.
func (s *Shop) Texts(ctx context.Context) (Texts, error) { return ReadTexts(ctx, s.DB) }

// ReadTexts is Texts for those who have only the host's file.
func ReadTexts(ctx context.Context, db *data.DB) (Texts, error) {
	found, err := db.Memo("site_text", func() (any, error) {
		rows, err := db.Query(ctx, `select key, value from site_text`)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		texts := defaults()
		for rows.Next() {
			var key, value string
			if err := rows.Scan(&key, &value); err != nil {
				return nil, err
			}
			texts.put(key, value)
		}
		return texts, rows.Err()
	})
	if err != nil {
		return Texts{}, fmt.Errorf("read the site's texts: %w", err)
	}
	return found.(Texts), nil
}

// put writes value into the field of key. A value that cannot be read leaves what is built in; an unknown key is false.
func (t *Texts) put(key, value string) bool {
	plain := map[string]*string{"brand": &t.Brand, "logo": &t.Logo, "contact": &t.Contact, "kicker": &t.Kicker, "headline": &t.Headline,
		"subline": &t.Subline, "terms": &t.Terms, "privacy": &t.Privacy, "imprint": &t.Imprint}
	lists := map[string]*[]Block{"features": &t.Features, "benefits": &t.Benefits, "facts": &t.Facts, "faq": &t.FAQ}
	switch {
	case plain[key] != nil:
		*plain[key] = value
	case lists[key] != nil:
		*lists[key] = blocks(value)
	case key == "closing":
		if b := blocks(value); len(b) > 0 {
			t.Closing = b[0]
		}
	case key == "hue":
		if hue, err := strconv.Atoi(value); err == nil {
			t.Hue = hue
		}
	case key == "registration":
		t.Mode = ModeOf(value)
		t.Closed = t.Mode == Closed
	default:
		return false
	}
	return true
}

// Set keeps a text of the host, in the caller's transaction. With an empty value the built-in text comes back.
// The lists (features, benefits, facts, faq) and closing are blocks with an empty line between:
// the first line is the title, perhaps with an icon and a colon before it.
func (t *Texts) Set(ctx context.Context, tx *sql.Tx, key, value string) error {
	value = strings.TrimSpace(strings.ReplaceAll(value, "\r\n", "\n"))
	if err := checkText(key, value); err != nil {
		return err
	}
	if value == "" {
		_, err := tx.ExecContext(ctx, `delete from site_text where key = ?`, key)
		return err
	}
	if !t.put(key, value) {
		return fault.New(fault.Invalid, "The site has no text %q.", key)
	}
	_, err := tx.ExecContext(ctx, `insert into site_text (key, value) values (?, ?) on conflict (key) do update set value = excluded.value`, key, value)
	return err
}

// checkText refuses what could not be shown.
func checkText(key, value string) error {
	if value == "" {
		return nil
	}
	switch key {
	case "hue":
		if hue, err := strconv.Atoi(value); err != nil || hue < 0 || hue > 359 {
			return fault.New(fault.Invalid, "The hue is a number from 0 to 359.")
		}
	case "registration":
		if ModeOf(value) != Mode(value) {
			return fault.New(fault.Invalid, "Registration is open, by approval, by invitation or closed.")
		}
	case "logo": // pictures of other sites are not shown, so that nobody learns who reads this one
		if ui.LocalPath(value, "") == "" && !strings.HasPrefix(value, "data:image/") {
			return fault.New(fault.Invalid, "The logo is a path on this site, like /static/logo.svg.")
		}
	case "brand", "headline", "kicker":
		if strings.Contains(value, "\n") || len(value) > 200 {
			return fault.New(fault.Invalid, "Please use one line of at most 200 characters.")
		}
	}
	return nil
}

// blocks reads titles and words: blocks with an empty line between.
func blocks(text string) []Block {
	var found []Block
	for _, part := range strings.Split(text, "\n\n") {
		title, words, _ := strings.Cut(strings.TrimSpace(part), "\n")
		if title == "" {
			continue
		}
		b := Block{Title: title, Text: strings.TrimSpace(words)}
		if icon, rest, ok := strings.Cut(title, ":"); ok && rest != "" && strings.Trim(icon, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" {
			b.Icon, b.Title = icon, strings.TrimSpace(rest)
		}
		found = append(found, b)
	}
	return found
}

// TermsVersion names the terms as they stand: what somebody accepted can be told from what came later.
func (t Texts) TermsVersion() string {
	sum := sha256.Sum256([]byte(t.Terms))
	return hex.EncodeToString(sum[:6])
}

// Mailto is the address of a letter to the host, or empty.
func (t Texts) Mailto() string {
	if t.Contact == "" {
		return ""
	}
	return (&url.URL{Scheme: "mailto", Opaque: t.Contact}).String()
}

// BrandOf is how the host's pages look.
func (s *Shop) BrandOf(ctx context.Context) ui.Brand {
	texts, err := s.Texts(ctx)
	if err != nil {
		texts = defaults()
	}
	return ui.Brand{Name: texts.Brand, Hue: texts.Hue, Logo: texts.Logo, Home: "/", Host: s.Tenants.Domain}
}
