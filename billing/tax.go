package billing

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"strings"

	"rowhouse/data/fault"
	"rowhouse/data/money"
	"rowhouse/ui"
)

// Tax is what a customer's lines are taxed with.
type Tax struct {
	Rate   int64 // basis points
	Name   string
	Reason Reason
}

// union is the European Union: between its countries a company with a VAT number owes the tax itself.
const union = " AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK "

func inUnion(country string) bool { return country != "" && strings.Contains(union, " "+country+" ") }

// taxFor decides a customer's tax: the rate of the country, none for who is exempt, and none for a company in another country of
// the union, which owes it itself. A country without a rate is out of scope.
func taxFor(ctx context.Context, tx *sql.Tx, c Customer) (Tax, error) {
	seller, err := sellerIn(ctx, tx)
	if err != nil {
		return Tax{}, err
	}
	if c.Exempt {
		return Tax{Reason: Exempt}, nil
	}
	country := c.Country
	if country == "" {
		country = seller.Country
	}
	if c.TaxID != "" && country != seller.Country && inUnion(country) && inUnion(seller.Country) {
		return Tax{Reason: ReverseCharge}, nil
	}
	t := Tax{Reason: Standard}
	err = tx.QueryRowContext(ctx, `select rate, name from tax_rate where country = ?`, country).Scan(&t.Rate, &t.Name)
	if errors.Is(err, sql.ErrNoRows) {
		return Tax{Reason: OutOfScope}, nil
	}
	return t, err
}

// on sets the tax of lines.
func (t Tax) on(lines []Line) {
	for i := range lines {
		lines[i].Rate, lines[i].TaxName, lines[i].Reason = t.Rate, t.Name, t.Reason
	}
}

// vatShapes are the forms of VAT numbers in the union behind the two letters (European Commission, VIES FAQ, question 11).
var vatShapes = map[string]string{
	"AT": `U\d{8}`, "BE": `[01]?\d{9}`, "BG": `\d{9,10}`, "CY": `\d{8}[A-Z]`, "CZ": `\d{8,10}`, "DE": `\d{9}`, "DK": `\d{8}`, "EE": `\d{9}`,
	"EL": `\d{9}`, "ES": `[A-Z0-9]\d{7}[A-Z0-9]`, "FI": `\d{8}`, "FR": `[A-Z0-9]{2}\d{9}`, "HR": `\d{11}`, "HU": `\d{8}`,
	"IE": `(\d{7}[A-W][A-I]?|\d[A-Z0-9+*]\d{5}[A-W])`, "IT": `\d{11}`, "LT": `(\d{9}|\d{12})`, "LU": `\d{8}`, "LV": `\d{11}`, "MT": `\d{8}`,
	"NL": `[0-9A-Z+*]{12}`, "PL": `\d{10}`, "PT": `\d{9}`, "RO": `\d{2,10}`, "SE": `\d{12}`, "SI": `\d{8}`, "SK": `\d{10}`, "XI": `(\d{9}|\d{12}|GD\d{3}|HA\d{3})`,
}

// CheckTaxID tidies a tax number and checks its form. Only numbers of the union have a form that is known here.
// The error is a fault.Invalid.
func CheckTaxID(number, country string) (string, error) {
	number = strings.ToUpper(strings.NewReplacer(" ", "", ".", "", "-", "", "/", "").Replace(number))
	if number == "" || !inUnion(country) {
		if len(number) > 30 {
			return "", fault.New(fault.Invalid, "A tax number has at most 30 characters.")
		}
		return number, nil
	}
	prefix := country
	if country == "GR" {
		prefix = "EL" // the tax offices of Greece write it so
	}
	rest, ok := strings.CutPrefix(number, prefix)
	if !ok || !regexp.MustCompile(`^`+vatShapes[prefix]+`$`).MatchString(rest) {
		return "", fault.New(fault.Invalid, "A VAT number of this country begins with %s and has the form of %s. Please check it, or leave it empty.", prefix, prefix+sample(prefix))
	}
	return number, nil
}

// sample is an example of a country's numbers.
func sample(prefix string) string {
	samples := map[string]string{"AT": "U12345678", "BE": "0123456789", "CY": "12345678X", "ES": "X1234567X", "FR": "12345678901", "HR": "12345678901", "IE": "1234567WA",
		"IT": "12345678901", "LV": "12345678901", "NL": "123456789B01", "SE": "123456789001", "PL": "1234567890", "SK": "1234567890", "XI": "123456789"}
	if s, ok := samples[prefix]; ok {
		return s
	}
	if strings.Contains(vatShapes[prefix], "8}") {
		return "12345678"
	}
	return "123456789"
}

// TaxText says what a sum of tax is, in the reader's language.
func TaxText(words *ui.Look, l Line) string {
	switch l.Reason {
	case ReverseCharge:
		return words.T("Reverse charge: the customer owes the tax")
	case Exempt:
		return words.T("Exempt from tax")
	case OutOfScope:
		return words.T("Not subject to tax")
	}
	percent := money.Amount{Minor: l.Rate, Currency: "EUR"}.Decimal() // hundredths, as cents are
	return words.T("%s %s %%", l.TaxName, strings.TrimSuffix(strings.TrimSuffix(percent, "0"), ".0"))
}
