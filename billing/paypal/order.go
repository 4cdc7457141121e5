package paypal

import (
	"regexp"
	"strings"
	"time"

	"rowhouse/billing/gateway"
)

// order is what is read of an order.
type order struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	Units  []unit `json:"purchase_units"`
	Source struct {
		PayPal struct {
			Email      string `json:"email_address"`
			Attributes struct {
				Vault struct {
					ID       string `json:"id"`
					Status   string `json:"status"`
					Customer struct {
						ID string `json:"id"`
					} `json:"customer"`
				} `json:"vault"`
			} `json:"attributes"`
		} `json:"paypal"`
	} `json:"payment_source"`
	Links []link `json:"links"`
}

type unit struct {
	Custom   string `json:"custom_id"`
	Amount   sum    `json:"amount"`
	Payments struct {
		Captures []capture `json:"captures"`
	} `json:"payments"`
}

// capture is money that was taken, or that was tried to be taken.
type capture struct {
	ID        string    `json:"id"`
	Status    string    `json:"status"`
	Amount    sum       `json:"amount"`
	Custom    string    `json:"custom_id"`
	Created   time.Time `json:"create_time"`
	Breakdown struct {
		Fee sum `json:"paypal_fee"`
	} `json:"seller_receivable_breakdown"`
	Details struct {
		Reason string `json:"reason"`
	} `json:"status_details"`
}

type link struct {
	Rel  string `json:"rel"`
	Href string `json:"href"`
}

// unit is the one thing that is paid for; an order of ours has one.
func (o *order) unit() unit {
	if len(o.Units) == 0 {
		return unit{}
	}
	return o.Units[0]
}

// approve is where the customer approves: the link has another name if the source of the money was said.
func approve(links []link) string {
	for _, l := range links {
		if (l.Rel == "payer-action" || l.Rel == "approve") && strings.HasPrefix(l.Href, "https://") {
			return l.Href
		}
	}
	return ""
}

// mark is our mark on everything at PayPal, which has room for one text: the installation and the attempt.
func (g *PayPal) mark(attempt string) string { return g.install + "/" + attempt }

// marked takes a mark apart.
func marked(custom string) (install, attempt string) {
	install, attempt, ok := strings.Cut(custom, "/")
	if !ok {
		return "", custom
	}
	return install, attempt
}

// locale is a language as PayPal takes it, or nothing: then it asks the browser.
func locale(tag string) string {
	if regexp.MustCompile(`^[a-z]{2}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$`).MatchString(tag) {
		return tag
	}
	return ""
}

// number tells whether a text may stand as a number of PayPal's in an address.
func number(s string) bool {
	return s != "" && len(s) <= 64 && strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

// method is the wallet that was saved with an order; nil if none was, or not yet.
func (o *order) method() *gateway.Method {
	v := o.Source.PayPal.Attributes.Vault
	if v.ID == "" {
		return nil
	}
	return &gateway.Method{Customer: v.Customer.ID, Ref: v.ID, Label: label(o.Source.PayPal.Email)}
}

func label(email string) string { return strings.TrimSpace("PayPal " + email) }
