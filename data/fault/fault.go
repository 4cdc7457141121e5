// Package fault names the few ways to fail that a person should be told about.
// Any other error is ours: it is logged, and the person sees a number to quote.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind says what a person can do about a fault.
type Kind int

// The kinds of fault. The zero value is an error of our own making.
const (
	Ours     Kind = iota // 500: not the person's doing
	Invalid              // 422: the person can correct it
	SignIn               // 401: nobody is signed in
	Denied               // 403: not with this role
	Missing              // 404: no such thing, or not for these eyes
	Conflict             // 409: somebody was faster
	Limit                // 402: the plan does not include it
	TooLarge             // 413: more than we take
	TooMany              // 429: slower, please
	Busy                 // 503: soon again
	Damaged              // 503: a person of the host must look at it
	Gone                 // 410: was here, is no more
)

// Fault is an error with words for the person.
type Fault struct {
	Kind   Kind
	Format string // the English sentence, also the key in the message catalogue
	Args   []any
	Fields map[string]error // what is wrong with which field of a form
	Retry  time.Duration    // for Busy and TooMany: when to try again
	Cause  error            // for the log, never shown
}

func (f *Fault) Error() string {
	if f.Cause != nil {
		return fmt.Sprintf(f.Format, f.Args...) + ": " + f.Cause.Error()
	}
	return fmt.Sprintf(f.Format, f.Args...)
}

func (f *Fault) Unwrap() error { return f.Cause }

// New makes a fault of a kind, with its sentence.
func New(kind Kind, format string, args ...any) error {
	return &Fault{Kind: kind, Format: format, Args: args}
}

// Because makes a fault with an error for the log behind it.
func Because(cause error, kind Kind, format string, args ...any) error {
	return &Fault{Kind: kind, Format: format, Args: args, Cause: cause}
}

// Of returns err's fault. An error that has none is Ours, with err as its cause.
func Of(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return &Fault{Kind: Ours, Format: "Something went wrong. It is not your fault, and it has been noted.", Cause: err}
}

// Is tells whether err is a fault of the kind.
func Is(err error, kind Kind) bool {
	var f *Fault
	return errors.As(err, &f) && f.Kind == kind
}
