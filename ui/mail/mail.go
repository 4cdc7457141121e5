// Package mail sends letters. A letter is first a row in the outbox, so that none is lost and none is sent twice.
package mail

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"rowhouse/data"
	"rowhouse/data/fault"
)

// Schema is the outbox: the host's file has one, and each tenant's.
//
//go:embed *.sql
var Schema embed.FS

// Letter is a letter in plain words.
type Letter struct {
	Key               string // a second letter of the same key is not posted
	To, Subject, Text string
	Attach            string // the name of a document that goes with it, or empty; the Sender knows how to draw it
}

// Kept is a letter in the outbox.
type Kept struct {
	Letter
	ID            int64
	State, Error  string
	Tries         int
	Created, Sent time.Time
}

// Post puts a letter in the outbox, in the transaction of what it tells about.
func Post(ctx context.Context, tx *sql.Tx, now time.Time, l Letter) error {
	if _, err := Address(l.To); err != nil {
		return err
	}
	if strings.ContainsAny(l.Subject, "\r\n") {
		return fault.New(fault.Invalid, "The subject of a letter is one line.")
	}
	_, err := tx.ExecContext(ctx, `insert or ignore into outbox (key, recipient, subject, text, attach, due_at, created_at) values (?, ?, ?, ?, ?, ?, ?)`,
		l.Key, l.To, l.Subject, l.Text, l.Attach, now.UnixMilli(), now.UnixMilli())
	return err
}

// MaxAddress is the most that a mail address may have, in bytes.
const MaxAddress = 254

// Address checks a mail address and returns it without blanks, its domain in lower case.
func Address(s string) (string, error) {
	s = strings.TrimSpace(s)
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > MaxAddress || strings.ContainsAny(s, "\r\n<>\"") {
		return "", fault.New(fault.Invalid, "Please enter an e-mail address like name@company.com.")
	}
	at := strings.LastIndexByte(s, '@')
	domain := strings.ToLower(s[at+1:])
	if !strings.Contains(domain, ".") || strings.HasSuffix(domain, ".") {
		return "", fault.New(fault.Invalid, "Please enter an e-mail address like name@company.com.")
	}
	return s[:at+1] + domain, nil
}

// Forward moves the letters of a tenant's file to the host's. The key keeps a letter single
// if the process stops between the two files.
func Forward(ctx context.Context, from, to *data.DB, house string) error {
	waiting, err := read(ctx, from, `where state = 'waiting' order by id limit 100`)
	if err != nil || len(waiting) == 0 {
		return err
	}
	err = to.Tx(ctx, func(tx *sql.Tx) error {
		for _, k := range waiting {
			k.Key = house + "/" + k.Key
			if err := Post(ctx, tx, k.Created, k.Letter); err != nil {
				return fmt.Errorf("forward letter %d of %s: %w", k.ID, house, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	// The tenant's copy keeps no text: it may hold a link that opens a door.
	_, err = from.Exec(ctx, `update outbox set state = 'moved', text = '' where state = 'waiting' and id <= ?`, waiting[len(waiting)-1].ID)
	return err
}

// Latest returns the newest letters, for the built-in inbox. With to, only those to an address.
func Latest(ctx context.Context, db *data.DB, to string, limit int) ([]Kept, error) {
	if to != "" {
		return read(ctx, db, `where recipient = ? order by id desc limit ?`, to, limit)
	}
	return read(ctx, db, `order by id desc limit ?`, limit)
}

func read(ctx context.Context, db *data.DB, rest string, args ...any) ([]Kept, error) {
	rows, err := db.Query(ctx, `select id, key, recipient, subject, text, attach, state, tries, created_at, coalesce(sent_at, 0), error from outbox `+rest, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var letters []Kept
	for rows.Next() {
		var k Kept
		var created, sent int64
		if err := rows.Scan(&k.ID, &k.Key, &k.To, &k.Subject, &k.Text, &k.Attach, &k.State, &k.Tries, &created, &sent, &k.Error); err != nil {
			return nil, err
		}
		k.Created = time.UnixMilli(created).UTC()
		if sent > 0 {
			k.Sent = time.UnixMilli(sent).UTC()
		}
		letters = append(letters, k)
	}
	return letters, rows.Err()
}
