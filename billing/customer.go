package billing

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"rowhouse/data/fault"
	"rowhouse/ui/mail"
)

// Customer is who pays: one person or company with one or more tenants.
type Customer struct {
	ID          int64
	Email, Name string
	Company     string
	Address     string // lines as on an envelope, without the country
	Country     string // ISO 3166, two letters
	Phone       string
	TaxID       string
	Exempt      bool
	Currency    string // fixed by the first invoice
	Language    string // BCP 47
}

const customerColumns = `c.id, c.email, c.name, c.company, c.address, c.country, c.phone, c.tax_id, c.exempt, coalesce(c.currency, ''), c.language`

func scanCustomer(row interface{ Scan(...any) error }) (Customer, error) {
	var c Customer
	err := row.Scan(&c.ID, &c.Email, &c.Name, &c.Company, &c.Address, &c.Country, &c.Phone, &c.TaxID, &c.Exempt, &c.Currency, &c.Language)
	return c, err
}

func customerIn(ctx context.Context, tx *sql.Tx, id int64) (Customer, error) {
	c, err := scanCustomer(tx.QueryRowContext(ctx, `select `+customerColumns+` from customer c where c.id = ?`, id))
	if err != nil {
		return c, fmt.Errorf("find customer %d: %w", id, err)
	}
	return c, nil
}

// keepCustomer finds the customer of a proven e-mail address, or makes it. What is known already is not overwritten: the
// address may have been written by an earlier order.
func (b *Billing) keepCustomer(ctx context.Context, tx *sql.Tx, c Customer) (Customer, error) {
	known, err := scanCustomer(tx.QueryRowContext(ctx, `select `+customerColumns+` from customer c where c.email = ?`, c.Email))
	if err == nil || !errors.Is(err, sql.ErrNoRows) {
		return known, err
	}
	if c.Language == "" {
		c.Language = "en"
	}
	done, err := tx.ExecContext(ctx, `insert into customer (email, name, company, address, country, phone, tax_id, language, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.Email, c.Name, c.Company, c.Address, c.Country, c.Phone, c.TaxID, c.Language, b.Clock.Now().UnixMilli())
	if err != nil {
		return c, fmt.Errorf("keep customer: %w", err)
	}
	c.ID, err = done.LastInsertId()
	return c, err
}

// KeepDetails checks and keeps what stands on a customer's next invoices. The e-mail address and the currency stay.
// The error is a fault.Invalid with the fields.
func (b *Billing) KeepDetails(ctx context.Context, c Customer, actor string) error {
	if err := c.check(); err != nil {
		return err
	}
	c.TaxID, _ = CheckTaxID(c.TaxID, c.Country) // checked
	return b.DB.Tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `update customer set name = ?, company = ?, address = ?, country = ?, phone = ?, tax_id = ?, language = ? where id = ?`,
			c.Name, c.Company, c.Address, c.Country, c.Phone, c.TaxID, c.Language, c.ID)
		if err != nil {
			return fmt.Errorf("keep details of customer %d: %w", c.ID, err)
		}
		return b.Tenants.Audit(ctx, tx, actor, "change billing details", "", c.Email)
	})
}

func (c Customer) check() error {
	wrong := map[string]error{}
	for field, text := range map[string]string{"name": c.Name, "company": c.Company, "phone": c.Phone} {
		if len(text) > 200 {
			wrong[field] = fault.New(fault.Invalid, "This is too long.")
		}
	}
	if strings.TrimSpace(c.Name) == "" && strings.TrimSpace(c.Company) == "" {
		wrong["name"] = fault.New(fault.Invalid, "Please say who the invoice is for.")
	}
	if len(c.Address) > 500 {
		wrong["address"] = fault.New(fault.Invalid, "This is too long.")
	}
	if c.Country != "" && !knownCountry(c.Country) {
		wrong["country"] = fault.New(fault.Invalid, "Please choose a country.")
	}
	if _, err := CheckTaxID(c.TaxID, c.Country); err != nil {
		wrong["tax_id"] = err
	}
	if _, err := mail.Address(c.Email); err != nil {
		wrong["email"] = err
	}
	if len(wrong) == 0 {
		return nil
	}
	return &fault.Fault{Kind: fault.Invalid, Format: "Please check the marked fields.", Fields: wrong}
}

// CustomerByID returns who pays. The error is a fault.Missing if there is none.
func (b *Billing) CustomerByID(ctx context.Context, id int64) (Customer, error) {
	c, err := scanCustomer(b.DB.QueryRow(ctx, `select `+customerColumns+` from customer c where c.id = ?`, id))
	return c, missing(err, "There is no such customer.")
}

// CustomerOf is who pays for a subscription.
func (b *Billing) CustomerOf(ctx context.Context, s Subscription) (Customer, error) {
	return scanCustomer(b.DB.QueryRow(ctx, `select `+customerColumns+` from customer c where c.id = ?`, s.Customer))
}
