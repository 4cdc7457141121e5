package admin

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"

	"rowhouse/billing"
	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/ui/mail"
)

// Settings are what the host has set: on the command line, in the environment, or in the panel.
type Settings struct {
	DB    *data.DB
	Seal  billing.Seal
	Given map[string]Given // what was said when the program was started
}

// Given is a value from outside the panel, and where from.
type Given struct{ Value, Source string }

// setting is one value that the page of settings shows.
type setting struct {
	key, label, hint string
	secret           bool // never shown
	here             bool // it can be set in the panel
}

// settings are all of them, in the order of the page.
var settings = []setting{
	{key: "domain", label: "Domain", hint: "The public site is at this name, and each tenant at a name below it. It counts from the next start on.", here: true},
	{key: "https", label: "Visitors come by https"},
	{key: "behind-proxy", label: "A proxy says who visits"},
	{key: "http", label: "Address that is listened on"},
	{key: "dir", label: "Folder of all files"},
	{key: "smtp", label: "Mail server", hint: "Such as smtp://user:password@host:587. Letters wait in the outbox until a test letter has arrived.", secret: true, here: true},
	{key: "mail-from", label: "Sender of letters", here: true},
}

// Get returns a setting and where it is from: "panel", a source of Given, or "" if it is not set.
func (s *Settings) Get(ctx context.Context, key string) (value, source string, err error) {
	if g, ok := s.Given[key]; ok {
		return g.Value, g.Source, nil
	}
	kept, err := s.kept(ctx)
	if err != nil {
		return "", "", err
	}
	if value, ok := kept[key]; ok {
		return value, "panel", nil
	}
	return "", "", nil
}

// kept are the settings of the panel, with the secrets opened.
func (s *Settings) kept(ctx context.Context) (map[string]string, error) {
	found, err := s.DB.Memo("settings", func() (any, error) {
		rows, err := s.DB.Query(ctx, `select key, value from host_setting`)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		kept := map[string]string{}
		for rows.Next() {
			var key, value string
			if err := rows.Scan(&key, &value); err != nil {
				return nil, err
			}
			if key == "smtp" && value != "" {
				if value, err = s.Seal.Reveal("setting/"+key, value); err != nil {
					return nil, fmt.Errorf("open the mail server's password: %w", err)
				}
			}
			kept[key] = value
		}
		return kept, rows.Err()
	})
	if err != nil {
		return nil, err
	}
	return found.(map[string]string), nil
}

// Set keeps a setting of the panel, in the caller's transaction.
func (s *Settings) Set(ctx context.Context, tx *sql.Tx, key, value string) error {
	if g, ok := s.Given[key]; ok {
		return fault.New(fault.Conflict, "This is set by the %s, and can be changed only there.", g.Source)
	}
	if key == "smtp" && value != "" {
		var err error
		if value, err = s.Seal.Hide("setting/"+key, value); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `insert or replace into host_setting (key, value) values (?, ?)`, key, value)
	return err
}

// Mailbox is where letters are sent from.
type Mailbox struct {
	Server *url.URL
	From   string
	Proven bool // a letter has arrived, so all others may go
}

// Mailbox returns the mail server that is set; Server is nil if there is none.
func (s *Settings) Mailbox(ctx context.Context) (Mailbox, error) {
	address, source, err := s.Get(ctx, "smtp")
	if err != nil || address == "" {
		return Mailbox{}, err
	}
	from, _, err := s.Get(ctx, "mail-from")
	if err != nil {
		return Mailbox{}, err
	}
	server, err := ParseServer(address)
	if err != nil {
		return Mailbox{}, err
	}
	if _, err := mail.Address(from); err != nil {
		return Mailbox{}, fault.New(fault.Invalid, "Please say with --mail-from who letters are from.")
	}
	proven, _, err := s.Get(ctx, "mail.proven")
	return Mailbox{server, from, source != "panel" || proven == from+" "+server.Host}, err
}

// ParseServer reads the address of a mail server.
func ParseServer(s string) (*url.URL, error) {
	server, err := url.Parse(s)
	if err != nil || server.Hostname() == "" || !strings.HasPrefix(server.Scheme, "smtp") {
		return nil, fault.New(fault.Invalid, "The mail server must be written as smtp://user:password@host:587")
	}
	return server, nil
}
