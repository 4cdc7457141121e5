package billing

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/url"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
	"rowhouse/data/money"
)

// Pay opens a payment page for an invoice with a gateway, and returns its address. A page that is open already is closed first,
// or used again if it is of the same gateway: two tabs must not pay twice.
func (b *Billing) Pay(ctx context.Context, invoice int64, name string) (string, error) {
	i, err := b.Invoice(ctx, invoice)
	if err != nil {
		return "", err
	}
	if i.State != InvoiceOpen || i.Open() == 0 {
		return "", fault.New(fault.Conflict, "This invoice is not open any more.")
	}
	plan, err := b.planOf(ctx, i)
	if err != nil {
		return "", err
	}
	if err := b.allowed(ctx, plan, i.Due(), name); err != nil {
		return "", err
	}
	if page, err := b.closePages(ctx, i, name); err != nil || page != "" {
		return page, err
	}
	return b.openPage(ctx, Attempt{Invoice: i.ID, Subscription: i.Subscription, Customer: i.Customer, Gateway: name, Mode: gateway.Hosted, Amount: i.Due()})
}

// allowed refuses a gateway that is off, or not for this plan or amount.
func (b *Billing) allowed(ctx context.Context, plan Plan, a money.Amount, name string) error {
	choices, err := b.Choices(ctx, plan, a)
	if err != nil {
		return err
	}
	for _, c := range choices {
		if c.Name == name {
			return nil
		}
	}
	return fault.New(fault.Invalid, "It cannot be paid this way. Please choose another one.")
}

// planOf is the plan that an invoice is about: that which it will give, or which there is.
func (b *Billing) planOf(ctx context.Context, i Invoice) (Plan, error) {
	id := i.Effects.Plan
	if id == 0 && i.Subscription > 0 {
		if err := b.DB.QueryRow(ctx, `select plan from subscription where id = ?`, i.Subscription).Scan(&id); err != nil {
			return Plan{}, err
		}
	}
	if id == 0 {
		return Plan{}, nil
	}
	return b.PlanByID(ctx, id)
}

// closePages closes the pages of an invoice that are open. One that was paid in the meantime is booked, and is a fault.Conflict;
// one of the same gateway and amount that is still good is returned.
func (b *Billing) closePages(ctx context.Context, i Invoice, name string) (string, error) {
	open, err := b.attempts(ctx, `where a.invoice = ? and a.mode = 'hosted' and a.state in ('open', 'requires_action')`, i.ID)
	if err != nil {
		return "", err
	}
	for _, a := range open {
		if a.Gateway == name && a.Amount == i.Due() && a.URL != "" && b.Clock.Now().Add(pageLife/4).Before(a.Expires) {
			return a.URL, nil
		}
		if err := b.closePage(ctx, a); err != nil {
			return "", err
		}
	}
	now, err := b.Invoice(ctx, i.ID)
	if err == nil && now.Open() != i.Open() {
		err = fault.New(fault.Conflict, "This invoice is not open any more.")
	}
	return "", err
}

// closePage closes an attempt's page, and books it if it was paid before.
func (b *Billing) closePage(ctx context.Context, a Attempt) error {
	g, known, err := b.reach(ctx, a)
	if err != nil {
		return err
	}
	known.Wanted = false
	if err := g.Cancel(ctx, known); err != nil {
		slog.Warn("a payment page could not be closed", "gateway", a.Gateway, "attempt", a.Key, "err", err)
		return fault.Because(err, fault.Busy, "The payment before this one is still being checked. Please try again in a minute.")
	}
	r, err := g.Fetch(ctx, known)
	if err != nil {
		return err
	}
	if r.State == gateway.Open || r.State == gateway.NeedsYou || r.State == gateway.Created || r.State == gateway.Unknown {
		r.State = gateway.Closed
	}
	return b.settle(ctx, a.ID, r)
}

// SaveMethod opens a page on which a subscription's method is saved or replaced, and returns its address.
func (b *Billing) SaveMethod(ctx context.Context, s Subscription, name string) (string, error) {
	choices, err := b.Savers(ctx, s)
	if err != nil {
		return "", err
	}
	for _, c := range choices {
		if c.Name == name {
			return b.openPage(ctx, Attempt{Subscription: s.ID, Customer: s.Customer, Gateway: name, Mode: gateway.Setup, Amount: money.Amount{Currency: b.currencyOf(ctx, s)}})
		}
	}
	return "", fault.New(fault.Invalid, "No way to pay can be saved there. Please choose another one.")
}

func (b *Billing) currencyOf(ctx context.Context, s Subscription) string {
	currency := ""
	err := b.DB.QueryRow(ctx, `select coalesce((select currency from price where id = ?), (select currency from customer where id = ?), '')`, s.Price, s.Customer).Scan(&currency)
	if seller, sellerErr := b.Seller(ctx); currency == "" && errors.Join(err, sellerErr) == nil {
		return seller.Currency
	}
	return currency
}

// openPage writes an attempt down and opens its page. If that fails the customer has seen no page, so nothing can have been paid.
func (b *Billing) openPage(ctx context.Context, a Attempt) (string, error) {
	g, err := b.gateway(ctx, a.Gateway)
	if err != nil {
		return "", err
	}
	err = b.DB.Tx(ctx, func(tx *sql.Tx) error {
		a, err = b.noteAttempt(ctx, tx, a)
		return err
	})
	if err != nil {
		return "", err
	}
	page, err := b.page(ctx, g, a)
	if err != nil {
		err = fault.Because(err, fault.Busy, "The payment page could not be opened. Nothing was charged; please try again, or choose another way to pay.")
		return "", errors.Join(err, b.settle(ctx, a.ID, gateway.Result{State: gateway.Closed, Code: "no_page"}))
	}
	a.State, a.Ref, a.Ref2, a.URL, a.Expires = gateway.Open, page.Ref, page.Ref2, page.URL, page.Expires
	if a.Expires.IsZero() {
		a.Expires = a.Began.Add(pageLife)
	}
	return page.URL, b.DB.Tx(ctx, func(tx *sql.Tx) error {
		if page.Customer != "" {
			if err := keepRef(ctx, tx, a.Customer, a.Gateway, page.Customer); err != nil {
				return err
			}
		}
		return b.keepAttempt(ctx, tx, a)
	})
}

func (b *Billing) page(ctx context.Context, g gateway.Gateway, a Attempt) (gateway.Page, error) {
	o, err := b.order(ctx, a)
	if err != nil {
		return gateway.Page{}, err
	}
	if a.Mode == gateway.Setup {
		return g.Save(ctx, o)
	}
	return g.Pay(ctx, o)
}

// Back is told that a customer has come back from the page of an attempt. What the address says proves nothing: the gateway is asked.
func (b *Billing) Back(ctx context.Context, key string, query url.Values) (Attempt, error) {
	a, err := b.Attempt(ctx, key)
	if err != nil || a.over() {
		return a, err
	}
	g, known, err := b.reach(ctx, a)
	if err != nil {
		return a, err
	}
	r, err := g.Return(ctx, known, query)
	if err != nil {
		slog.Warn("a gateway did not answer on the way back", "gateway", a.Gateway, "attempt", a.Key, "err", err)
		return a, nil // the page says that we are checking; the reconciler does
	}
	if err := b.settle(ctx, a.ID, r); err != nil {
		return a, err
	}
	return b.Attempt(ctx, key)
}

// PayURL is where an invoice can be paid, without signing in.
func (b *Billing) PayURL(invoice int64) string {
	return b.Tenants.Home() + b.PayPath(invoice)
}

// PayPath is PayURL on the host's own site.
func (b *Billing) PayPath(invoice int64) string { return "/pay/" + b.Seal.Token("pay", invoice) }

// MethodPath is where a way to pay is saved for an order that begins with a trial.
func (b *Billing) MethodPath(subscription int64) string {
	return "/pay-method/" + b.Seal.Token("method", subscription)
}

// DocumentURL is where an invoice can be downloaded, without signing in.
func (b *Billing) DocumentURL(invoice int64) string {
	return b.Tenants.Home() + "/p/invoice/" + b.Seal.Token("invoice", invoice)
}

// InvoiceByToken returns the invoice of an address of a kind: pay or invoice. The error is a fault.Missing for a token that is not ours.
func (b *Billing) InvoiceByToken(ctx context.Context, kind, token string) (Invoice, error) {
	id, ok := b.Seal.Redeem(kind, token)
	if !ok {
		return Invoice{}, fault.New(fault.Missing, "There is no such invoice.")
	}
	return b.Invoice(ctx, id)
}

// SetupPage is the address of the page on which a subscription's method is being saved, or empty.
func (b *Billing) SetupPage(ctx context.Context, subscription int64) (string, error) {
	open, err := b.attempts(ctx, `where a.subscription = ? and a.mode = 'setup' and a.state in ('open', 'requires_action') order by a.id desc limit 1`, subscription)
	if err != nil || len(open) == 0 || !b.Clock.Now().Before(open[0].Expires) {
		return "", err
	}
	return open[0].URL, nil
}
