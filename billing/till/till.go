// Package till is where an invoice is paid: its payment page, the way to a gateway and back, the documents behind their links, and
// the door at which gateways knock. None of it asks who somebody is: the address of a page is the key to it.
package till

import (
	"context"
	"embed"
	"io"
	"net/http"

	"rowhouse/billing"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

//go:embed *.html
var pages embed.FS

// Till takes payments.
type Till struct {
	*billing.Billing
	Brand func(ctx context.Context) ui.Brand                                            // the host's
	Draw  func(ctx context.Context, invoice int64) (file string, pdf []byte, err error) // an invoice as a document
	Demo  bool
}

// Routes are the till's pages on the host's own domain.
func (t *Till) Routes(mux *http.ServeMux) {
	for pattern, h := range map[string]ui.Handler{
		"GET /pay/{token}":          t.show,
		"POST /pay/{token}":         t.pay,
		"POST /pay/{token}/promise": t.promise,
		"GET /pay-method/{token}":   t.methods,
		"POST /pay-method/{token}":  t.save,
		"GET /pay-out/{key}":        t.leave,
		"GET /pay-return/{key}":     t.back,
		"GET /p/invoice/{token}":    t.document,
		"POST /hooks/{gateway}":     t.hear,
	} {
		mux.Handle(pattern, ui.Dressed(h, t.Brand, t.Clock.Now))
	}
}

// mostBody is the largest message of a gateway that is taken, in bytes.
const mostBody = 512 << 10

// hear takes a message of a gateway: checked and kept, and answered at once.
func (t *Till) hear(w http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
	if err != nil {
		return fault.New(fault.TooLarge, "The message is too large.")
	}
	if err := t.Hear(r.Context(), r.PathValue("gateway"), r.Header, body); err != nil {
		if f := fault.Of(err); f.Kind == fault.Invalid {
			http.Error(w, "not understood", http.StatusBadRequest) // nothing of the message is said back
			return nil
		}
		return err
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

// document sends an invoice as a PDF.
func (t *Till) document(w http.ResponseWriter, r *http.Request) error {
	i, err := t.InvoiceByToken(r.Context(), "invoice", r.PathValue("token"))
	if err != nil {
		return err
	}
	file, pdf, err := t.Draw(r.Context(), i.ID)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `inline; filename="`+file+`"`)
	h.Set("Cache-Control", "private, no-store")
	h.Set("Referrer-Policy", "no-referrer")
	_, err = w.Write(pdf)
	return err
}
