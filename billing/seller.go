package billing

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
	"rowhouse/data/money"
	"rowhouse/ui/mail"
)

// Seller is the host as it stands on invoices, and how it sells.
type Seller struct {
	Name     string `json:"name"`
	Address  string `json:"address"` // lines
	Country  string `json:"country"` // ISO 3166, two letters; empty: no tax rule by country
	TaxID    string `json:"tax_id"`
	Email    string `json:"email"` // also where the host gets its own letters
	Bank     string `json:"bank"`  // lines for the foot: where to transfer money to
	Zone     string `json:"zone"`  // IANA name; days begin at its midnight
	Currency string `json:"currency"`
	Prefix   string `json:"prefix"` // of invoice numbers
	Credits  string `json:"credits"`
	Note     string `json:"note"` // a sentence below each invoice
}

// Location is the zone in which days begin.
func (s Seller) Location() *time.Location {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return time.UTC // Keep refuses what cannot be loaded; a machine without zones must not stop billing
	}
	return zone
}

const sellerName = "seller"

func readSeller(row *sql.Row) (Seller, error) {
	s := Seller{Zone: "UTC", Currency: "EUR", Prefix: "INV", Credits: "CN"}
	var value string
	err := row.Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("read seller: %w", err)
	}
	return s, json.Unmarshal([]byte(value), &s)
}

// Seller returns the host's own details, kept until the host's file changes.
func (b *Billing) Seller(ctx context.Context) (Seller, error) {
	s, err := b.DB.Memo("billing/seller", func() (any, error) {
		return readSeller(b.DB.QueryRow(ctx, `select value from setting where name = ?`, sellerName))
	})
	if err != nil {
		return Seller{}, err
	}
	return s.(Seller), nil
}

func sellerIn(ctx context.Context, tx *sql.Tx) (Seller, error) {
	return readSeller(tx.QueryRowContext(ctx, `select value from setting where name = ?`, sellerName))
}

// KeepSeller checks and keeps the host's own details. The error is a fault.Invalid with the fields.
func (b *Billing) KeepSeller(ctx context.Context, s Seller, actor string) error {
	if err := s.check(); err != nil {
		return err
	}
	value, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `insert into setting (name, value) values (?, ?) on conflict (name) do update set value = excluded.value`, sellerName, string(value)); err != nil {
			return err
		}
		return b.Tenants.Audit(ctx, tx, actor, "change the seller's details", "", s.Name)
	})
}

func (s Seller) check() error {
	wrong := map[string]error{}
	if _, err := time.LoadLocation(s.Zone); err != nil || s.Zone == "" {
		wrong["zone"] = fault.New(fault.Invalid, "Please choose a time zone like Europe/Berlin.")
	}
	if !money.Known(s.Currency) {
		wrong["currency"] = fault.New(fault.Invalid, "%q is not a currency that can be chosen.", s.Currency)
	}
	if s.Country != "" && !knownCountry(s.Country) {
		wrong["country"] = fault.New(fault.Invalid, "Please choose a country.")
	}
	for field, prefix := range map[string]string{"prefix": s.Prefix, "credits": s.Credits} {
		if prefix == "" || len(prefix) > 10 || strings.Trim(prefix, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
			wrong[field] = fault.New(fault.Invalid, "A prefix has 1 to 10 capital letters or digits.")
		}
	}
	if s.Prefix == s.Credits {
		wrong["credits"] = fault.New(fault.Invalid, "Credit notes need a prefix of their own.")
	}
	if s.Email != "" {
		if _, err := mail.Address(s.Email); err != nil {
			wrong["email"] = err
		}
	}
	for field, text := range map[string]string{"name": s.Name, "address": s.Address, "bank": s.Bank, "note": s.Note} {
		if len(text) > 1000 {
			wrong[field] = fault.New(fault.Invalid, "This is too long.")
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return &fault.Fault{Kind: fault.Invalid, Format: "Please check the marked fields.", Fields: wrong}
}

func knownCountry(code string) bool {
	return slices.ContainsFunc(entity.Countries, func(c [2]string) bool { return c[0] == code })
}
