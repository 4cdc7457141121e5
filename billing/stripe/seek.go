package stripe

import (
	"context"
	"errors"
	"time"

	api "github.com/stripe/stripe-go/v76"

	"rowhouse/billing/gateway"
)

const (
	widest  = 1000             // how many objects are gone through
	skew    = 10 * time.Minute // how far Stripe's clock may be from ours
	settled = 5 * time.Minute  // after which a call that Stripe has not begun will not be begun
)

var errUndecided = errors.New("stripe: seeking the attempt: it is not there, but may still come")

// seek finds an attempt whose answer was lost. Its parameters are not known any more, so it cannot be made once more under its key;
// Stripe's lists, unlike its search, show at once what was made. What is not there after some minutes was never made, and is Closed.
func (g *Stripe) seek(ctx context.Context, a gateway.Attempt) (gateway.Result, error) {
	ref, err := g.find(ctx, a)
	if err != nil {
		return gateway.Result{State: gateway.Unknown}, err
	}
	if ref == "" && g.now().Sub(a.Began) < settled {
		return gateway.Result{State: gateway.Unknown}, errUndecided
	}
	if ref == "" {
		return gateway.Result{State: gateway.Closed}, nil
	}
	a.Ref = ref
	return g.Fetch(ctx, a)
}

// find is Stripe's number of a lost attempt, or nothing.
func (g *Stripe) find(ctx context.Context, a gateway.Attempt) (string, error) {
	if a.Mode == gateway.Saved {
		return g.findPayment(ctx, a)
	}
	s, err := g.findPage(ctx, a)
	if err != nil || s == nil {
		return "", err
	}
	return s.ID, nil
}

func (g *Stripe) findPage(ctx context.Context, a gateway.Attempt) (*api.CheckoutSession, error) {
	it := g.api.CheckoutSessions.List(&api.CheckoutSessionListParams{ListParams: listing(ctx), Customer: word(a.Customer)})
	for n := 0; it.Next(); n++ {
		s := it.CheckoutSession()
		if s.Metadata["attempt"] == a.Key {
			return s, nil
		}
		if before(s.Created, a.Began) {
			return nil, nil
		}
		if n >= widest {
			return nil, errors.New("stripe: seeking the page: there are too many")
		}
	}
	if err := it.Err(); err != nil {
		return nil, failed("seeking the page", err)
	}
	return nil, nil
}

func (g *Stripe) findPayment(ctx context.Context, a gateway.Attempt) (string, error) {
	it := g.api.PaymentIntents.List(&api.PaymentIntentListParams{ListParams: listing(ctx), Customer: word(a.Customer)})
	for n := 0; it.Next(); n++ {
		pi := it.PaymentIntent()
		if pi.Metadata["attempt"] == a.Key {
			return pi.ID, nil
		}
		if before(pi.Created, a.Began) {
			return "", nil
		}
		if n >= widest {
			return "", errors.New("stripe: seeking the payment: there are too many")
		}
	}
	if err := it.Err(); err != nil {
		return "", failed("seeking the payment", err)
	}
	return "", nil
}

// lost is the open page of an attempt that is known to have been made, whoever was thought to be its customer then.
func (g *Stripe) lost(ctx context.Context, key string) (*api.CheckoutSession, error) {
	s, err := g.findPage(ctx, gateway.Attempt{Key: key})
	if err == nil && (s == nil || s.URL == "") {
		return nil, errors.New("stripe: opening the page: it was opened before, and is closed")
	}
	return s, err
}

// before tells whether an object was made so early that neither it nor what follows in the list, the newest first, can be the attempt.
func before(created int64, began time.Time) bool {
	return !began.IsZero() && time.Unix(created, 0).Before(began.Add(-skew))
}

// listing is what every list carries.
func listing(ctx context.Context) api.ListParams {
	return api.ListParams{Context: ctx, Limit: api.Int64(100)}
}
