package stripe

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strconv"

	api "github.com/stripe/stripe-go/v76"

	"rowhouse/billing/gateway"
)

// customer is Stripe's number of a customer, who is made if there is none.
// The same customer asked for twice is made once, also when the first answer was lost.
func (g *Stripe) customer(ctx context.Context, c gateway.Customer) (string, error) {
	if c.Ref != "" {
		return c.Ref, nil
	}
	key := fmt.Sprintf("cust:%s:%d", g.install, c.ID)
	made, err := g.api.Customers.New(g.person(ctx, c, key))
	if reused(err) {
		// The name or address was changed since the lost answer. A second customer holds no money, so it does no harm.
		sum := sha256.Sum256([]byte(c.Name + "\n" + c.Email + "\n" + c.Phone + "\n" + c.Country))
		made, err = g.api.Customers.New(g.person(ctx, c, fmt.Sprintf("%s:%x", key, sum[:8])))
	}
	if err != nil {
		return "", unopened("making the customer", err)
	}
	return made.ID, nil
}

func (g *Stripe) person(ctx context.Context, c gateway.Customer, key string) *api.CustomerParams {
	p := &api.CustomerParams{
		Params:   once(ctx, key),
		Email:    word(c.Email),
		Name:     word(c.Name),
		Phone:    word(c.Phone),
		Metadata: map[string]string{"install": g.install, "customer": strconv.FormatInt(c.ID, 10)},
	}
	if c.Country != "" {
		p.Address = &api.AddressParams{Country: api.String(c.Country)}
	}
	return p
}

// word is a text to be sent, or nothing if it is empty: Stripe takes an empty one for an order to erase.
func word(s string) *string {
	if s == "" {
		return nil
	}
	return api.String(s)
}
