// Package gateway is what billing asks of whoever moves the money, and what it hears back.
// A gateway keeps no books: it moves money, holds saved methods, and is asked again when in doubt.
package gateway

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"rowhouse/data/money"
)

// Gateway moves money. Stripe, PayPal, Razorpay, the host's bank account and the rehearsal are gateways.
//
// Each call that moves money carries the key of its attempt, and the gateway must take the same key for the same act only:
// a call that is repeated after a lost answer moves nothing twice.
// An error means that nothing is known of the outcome; a refusal by the gateway is a Result with the state Failed.
type Gateway interface {
	// Name is the gateway in addresses and rows: stripe.
	Name() string
	// Can tells what the gateway is able to do with the keys that it has.
	Can() Can
	// Pay opens a hosted page on which an order is paid.
	Pay(ctx context.Context, o Order) (Page, error)
	// Save opens a hosted page on which a method is saved and nothing is paid.
	Save(ctx context.Context, o Order) (Page, error)
	// Charge takes money with a saved method, the customer being away.
	Charge(ctx context.Context, o Order, m Method) (Result, error)
	// Return is asked when the customer comes back from the page; query is what the address carried and proves nothing.
	Return(ctx context.Context, a Attempt, query url.Values) (Result, error)
	// Fetch asks how an attempt stands.
	Fetch(ctx context.Context, a Attempt) (Result, error)
	// Cancel closes the page of an attempt that is no longer wanted. One that cannot be closed any more is no error.
	Cancel(ctx context.Context, a Attempt) error
	// Refund gives back money of a payment.
	Refund(ctx context.Context, r Refund) (Reversal, error)
	// Hear checks that a message is the gateway's own and reads it as far as needed to know what to ask for.
	// The error is a fault.Invalid for a message that is forged, too old or not understood.
	Hear(ctx context.Context, header http.Header, body []byte) (Event, error)
	// Look asks how the refund or dispute of an event stands.
	Look(ctx context.Context, e Event) (Reversal, error)
	// Missed lists what the gateway has said since a moment, the oldest first, for the time in which we did not listen.
	Missed(ctx context.Context, since time.Time) ([]Event, error)
	// Check tells whether the keys are right, without moving anything.
	Check(ctx context.Context) error
}

// Can is what a gateway is able to do.
type Can struct {
	Hosted     bool             // has a payment page
	Save       bool             // saves a method without a payment
	Charge     bool             // takes money with a saved method
	Refund     bool             // gives money back by itself
	Currencies []string         // ISO 4217; none is all
	Least      map[string]int64 // the smallest amount by currency, in minor units
	Ahead      time.Duration    // how long before the due time a charge must be started
	Settles    time.Duration    // how long a charge may be under way before it is a worry
	Repeats    time.Duration    // how long a key is remembered: until then a lost call may be made again
}

// Takes tells whether an amount can be paid here.
func (c Can) Takes(a money.Amount) bool {
	return a.Minor >= max(1, c.Least[a.Currency]) && (len(c.Currencies) == 0 || slices.Contains(c.Currencies, a.Currency))
}

// Order is what is to be paid, or for what a method is to be saved.
type Order struct {
	Attempt   string // the key of our attempt: the idempotency key of every call
	Invoice   string // our number or reference, for statements
	Text      string // what the customer sees: "Pro, monthly"
	Amount    money.Amount
	Customer  Customer
	Language  string    // BCP 47: de
	ReturnURL string    // where the customer comes back to after paying
	CancelURL string    // where after giving up
	Expires   time.Time // when the page should close
	Remember  bool      // save the method for renewals while paying
	Notified  time.Time // when the customer was told of a coming charge; zero if not
}

// Customer is who pays.
type Customer struct {
	ID                          int64  // ours
	Ref                         string // the gateway's, if it has one already
	Name, Email, Phone, Country string
}

// Page is a hosted page. Refs identify it at the gateway.
type Page struct {
	URL      string
	Ref      string // the page or order at the gateway
	Ref2     string // a second number, if the gateway has one
	Customer string // the gateway's number of the customer, if it was made
	Expires  time.Time
}

// Method is a saved way to pay.
type Method struct {
	Customer string // the gateway's number of the customer
	Ref      string // the gateway's number of the method
	Label    string // Visa •••• 4242
	Month    int    // the last month in which it is good, 1 to 12; 0 if it has none
	Year     int
	Most     int64 // the largest amount that it may be charged with, in minor units; 0 is without end
}

// Attempt is one try to get an invoice paid, as the gateway needs to know it again.
type Attempt struct {
	Key      string
	Ref      string
	Ref2     string
	Mode     Mode
	Amount   money.Amount
	Began    time.Time
	Wanted   bool   // the invoice is still open and the amount is still right: money may be taken
	Customer string // the gateway's number of the customer
}

// Mode is how an attempt is made.
type Mode string

// The modes.
const (
	Hosted Mode = "hosted" // on the gateway's page
	Saved  Mode = "saved"  // with a saved method
	Setup  Mode = "setup"  // saves a method, pays nothing
	Manual Mode = "manual" // by the host's hand
)

// State is how an attempt stands.
type State string

// The states.
const (
	Created    State = "created"         // we have begun; the gateway may not know yet
	Open       State = "open"            // the customer is on the page
	Processing State = "processing"      // the gateway has it and will say later
	NeedsYou   State = "requires_action" // the customer must confirm it
	Succeeded  State = "succeeded"       // the money is there, or the method is saved
	Failed     State = "failed"          // refused
	Closed     State = "closed"          // given up or expired, nothing was paid
	Unknown    State = "unknown"         // the answer was lost: only asking helps
)

// Class says what can be done about a failure.
type Class string

// The classes of failure.
const (
	Soft Class = "soft" // try again later
	Hard Class = "hard" // this method will not work again
)

// Result is how an attempt stands now.
type Result struct {
	State   State
	Payment string       // the gateway's number of the payment, once there is money
	Amount  money.Amount // what was really paid
	Also    Paid         // a second payment of the same attempt, made by mistake
	Fee     int64        // what the gateway kept, in minor units, if it says
	At      time.Time
	Method  *Method // a method that was saved, or is newer than ours
	Code    string  // the gateway's word for a failure
	Class   Class
	Ref     string // the attempt's reference, if it was not known before
	Ref2    string
}

// Paid is a payment beside the one that was asked for.
type Paid struct {
	Payment string
	Amount  money.Amount
}

// Refund is money to be given back.
type Refund struct {
	Key     string // the idempotency key
	Payment string // the gateway's number of the payment
	Attempt string // the key of the attempt that was paid
	Amount  money.Amount
	Reason  string
}

// Reversal is money that goes back: a refund, or a dispute by the customer's bank.
type Reversal struct {
	Kind    Topic  // Refunded or Disputed
	ID      string // the gateway's number
	Payment string
	Amount  money.Amount
	State   ReversalState
	At      time.Time
}

// ReversalState is how a reversal stands.
type ReversalState string

// The states of a reversal.
const (
	Pending ReversalState = "pending" // under way, or the dispute is open
	Done    ReversalState = "done"    // the money has gone back, or the dispute is lost
	Refused ReversalState = "refused" // it stays: the refund failed, or the dispute is won
)

// Topic is what an event is about.
type Topic string

// The topics.
const (
	Paying   Topic = "attempt"
	Refunded Topic = "refund"
	Disputed Topic = "dispute"
	Methods  Topic = "method" // a saved method was renewed or taken away
	Nothing  Topic = ""       // nothing that we act on
)

// Event is a message of a gateway. It is a hint: what it is about is fetched before anything is booked.
type Event struct {
	ID      string // the gateway's own number of the message
	Type    string // in the gateway's words
	Topic   Topic
	Attempt string // the key of our attempt, if the message carries it
	Ref     string // the gateway's number of the page, order or refund
	Payment string // the gateway's number of the payment, if it says
	Install string // which installation made the attempt, if it says: several may share an account
	Method  *Method
	Gone    bool // with Methods: the method cannot be used any more
	At      time.Time
}

// Field is a key that the host must enter for a gateway.
type Field struct {
	Name   string // in rows: secret_key
	Label  string // in English, for the form
	Hint   string
	Secret bool // never shown again
	Text   bool // several lines
	Spare  bool // may be left empty
}

// Keys are the values of the fields.
type Keys map[string]string

// Options is what a gateway is made with, beside its keys.
type Options struct {
	Install string       // our mark on everything that we make at the gateway
	Brand   string       // the host's name, for payment pages
	Client  *http.Client // nil is one with a deadline
	Base    string       // instead of the gateway's own address, for tests
	Now     func() time.Time
}

// Kind is a sort of gateway that a host can turn on.
type Kind struct {
	Name   string
	Label  string
	Text   string // one sentence for the host
	Fields []Field
	Events []string // what its webhook must be subscribed to
	New    func(Keys, Options) (Gateway, error)
}
