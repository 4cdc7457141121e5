package paper_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"rowhouse/billing"
	"rowhouse/billing/paper"
	"rowhouse/data/fault"
	"rowhouse/data/money"
)

func TestAnOrderIsNoInvoiceAndSaysHowToPay(t *testing.T) {
	h := newHouse(t)
	i := h.order(billing.Customer{Name: "Ada Ortiz", Company: "Acme Ltd", Address: "1 Pier\nKiel", Country: "DE"}).Invoice
	file, content, err := paper.Invoice(t.Context(), h.Billing, i.ID)
	h.must(err)
	if file != i.Reference()+".pdf" {
		t.Errorf("the file is %s", file)
	}
	h.reads(content, "Order "+i.Reference(), "This is an order and not an invoice.", "Hidden Harbour GmbH", "Acme Ltd", "Ada Ortiz", "Pro, monthly", "Further seats",
		"Net 35.00", "USt. 19 % on 35.00 6.65", "Total 41.65 EUR", "To pay 41.65 EUR", "Due on Nov 1, 2026", "Please transfer 41.65 EUR until Nov 1, 2026 and name the reference "+i.Reference(), "IBAN DE02 1001 0010 0006 8201 01", "Thank you.")
}

func TestAPaidInvoiceShowsItsNumberItsPeriodAndTheFiguresOfTheBooks(t *testing.T) {
	h := newHouse(t)
	id := h.order(billing.Customer{Name: "Ada Ortiz", Country: "DE"}).Invoice.ID
	h.pay(id)
	i, err := h.Billing.Invoice(t.Context(), id)
	h.must(err)
	file, content, err := paper.Draw(t.Context(), h.Billing, fmt.Sprint("invoice/", id))
	h.must(err)
	if file != "INV-2026-0001.pdf" {
		t.Errorf("the file is %s", file)
	}
	a := func(minor int64) string { return money.Amount{Minor: minor, Currency: "EUR"}.Decimal() }
	h.reads(content, "Invoice INV-2026-0001", "Paid on Nov 1, 2026", "Net "+a(i.Net), a(i.Tax), "Total "+a(i.Total)+" EUR", "Paid −"+a(i.Paid))
	if text := h.read(content); strings.Contains(text, "Please transfer") || strings.Contains(text, "To pay") {
		t.Errorf("a paid invoice asks for money:\n%s", text)
	}
}

func TestADiscountAndTheReasonForNoTaxStandOnTheInvoice(t *testing.T) {
	h := newHouse(t)
	id := h.order(billing.Customer{Company: "Łódź Sp. z o.o.", Country: "PL", TaxID: "PL1234567890"}).Invoice.ID
	h.exec(`update line set discount = 1000, net = 1900 where invoice = ? and kind = 'plan'`, id)
	h.exec(`update invoice set discount = 1000, net = 2500, total = 2500 where id = ?`, id)
	_, content, err := paper.Invoice(t.Context(), h.Billing, id)
	h.must(err)
	h.reads(content, "Łódź Sp. z o.o.", "VAT number PL1234567890", "Subtotal 35.00", "Discount −10.00", "Reverse charge 0.00", "Reverse charge: the recipient of the service owes the tax.", "Total 25.00 EUR")
}

func TestAnArabicBuyerReadsFromTheRightAndAGermanInGerman(t *testing.T) {
	h := newHouse(t)
	id := h.order(billing.Customer{Company: "مؤسسة الأفق للتجارة", Country: "SA", Language: "ar"}).Invoice.ID
	h.pay(id)
	_, content, err := paper.Invoice(t.Context(), h.Billing, id)
	h.must(err)
	h.reads(content, "مؤسسة الأفق للتجارة", "INV-2026-0001", "35.00 EUR")
	h.exec(`update invoice set buyer = json_set(buyer, '$.Language', 'de')`)
	_, content, err = paper.Invoice(t.Context(), h.Billing, id)
	h.must(err)
	h.reads(content, "35,00")
}

func TestACreditNoteNamesTheInvoiceThatItCorrects(t *testing.T) {
	h := newHouse(t)
	id := h.order(billing.Customer{Name: "Ada Ortiz", Country: "DE"}).Invoice.ID
	h.pay(id)
	payments, err := h.PaymentsOf(t.Context(), id)
	h.must(err)
	h.must(h.Refund(t.Context(), payments[0].ID, money.Amount{Minor: 1190, Currency: "EUR"}, "Half a month was down", "test"))
	file, content, err := paper.Draw(t.Context(), h.Billing, "credit/1")
	h.must(err)
	if file != "CN-2026-0001.pdf" {
		t.Errorf("the file is %s", file)
	}
	h.reads(content, "Credit note CN-2026-0001", "For the invoice INV-2026-0001", "Correction of the invoice INV-2026-0001", "Half a month was down", "Net −10.00", "USt. 19 % −1.90", "Total −11.90 EUR")
	_, content, err = paper.Invoice(t.Context(), h.Billing, id)
	h.must(err)
	h.reads(content, "Given back 11.90")
}

func TestAStatementEndsWithWhatIsOwedAndToTheGood(t *testing.T) {
	h := newHouse(t)
	bought := h.order(billing.Customer{Name: "Ada Ortiz", Country: "DE"})
	h.pay(bought.Invoice.ID)
	h.must(h.Grant(t.Context(), bought.Subscription.ID, money.Amount{Minor: 500, Currency: "EUR"}, "For the trouble", "k1", "test"))
	customer := bought.Subscription.Customer
	file, content, err := paper.Statement(t.Context(), h.Billing, customer)
	h.must(err)
	if file != "statement-2026-11-01.pdf" {
		t.Errorf("the file is %s", file)
	}
	h.reads(content, "Statement of account", "Invoice INV-2026-0001 41.65 41.65", "Payment, INV-2026-0001 41.65 0.00", "Credit: For the trouble 5.00 −5.00", "To your good 5.00 EUR")
	payments, err := h.PaymentsOf(t.Context(), bought.Invoice.ID)
	h.must(err)
	h.hand.Add(time.Hour)
	h.must(h.Refund(t.Context(), payments[0].ID, money.Amount{Minor: 4165, Currency: "EUR"}, "Sorry", "test"))
	entries, err := h.Entries(t.Context(), customer, 0)
	h.must(err)
	var balance int64
	for _, e := range entries {
		balance += e.Amount.Minor
	}
	if good, err := h.ToTheGood(t.Context(), billing.Customer{ID: customer, Currency: "EUR"}); err != nil || -balance != good.Minor {
		t.Errorf("the statement ends at %d, the balance is %d: %v", balance, good.Minor, err)
	}
}

func TestTheSameInvoiceIsTheSameBytes(t *testing.T) {
	h := newHouse(t)
	id := h.order(billing.Customer{Name: "Ada Ortiz", Country: "DE"}).Invoice.ID
	_, first, err := paper.Invoice(t.Context(), h.Billing, id)
	h.must(err)
	h.hand.Add(24 * time.Hour)
	h.must(h.KeepSeller(t.Context(), billing.Seller{Name: "Another name", Zone: "UTC", Currency: "EUR", Prefix: "INV", Credits: "CN"}, "test"))
	_, second, err := paper.Invoice(t.Context(), h.Billing, id)
	h.must(err)
	if !bytes.Equal(first, second) {
		t.Error("a day later, and with another seller, the invoice is drawn differently")
	}
}

func TestWhatIsNoDocumentIsMissing(t *testing.T) {
	h := newHouse(t)
	for _, name := range []string{"", "invoice", "invoice/9", "credit/9", "letter/1", "invoice/x"} {
		if _, _, err := paper.Draw(t.Context(), h.Billing, name); !fault.Is(err, fault.Missing) {
			t.Errorf("%q: %v", name, err)
		}
	}
}
