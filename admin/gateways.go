package admin

import (
	"net/http"
	"net/url"
	"strings"

	"rowhouse/billing"
	"rowhouse/billing/gateway"
	"rowhouse/ui"
)

var gatewaysPage = ui.Parse[gatewayList](files, ui.App, "gateways.html", "parts.html")

type gatewayList struct {
	ui.Frame
	Cards []gatewayCard
}

// gatewayCard is a gateway as the host sets it up.
type gatewayCard struct {
	billing.Turned
	Form  box
	Hook  string // the address to enter at the gateway; empty: it sends nothing
	Light string
	Mode  string
	Last  string // when it has said something last, in words
}

func (p *Panel) gateways(w http.ResponseWriter, r *http.Request) error {
	return p.gatewaysWith(w, r, http.StatusOK, nil)
}

func (p *Panel) gatewaysWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	all, err := p.Billing.Gateways(r.Context())
	if err != nil {
		return err
	}
	page := gatewayList{Frame: p.frame(w, r, "Gateways", "/admin/gateways")}
	for _, t := range all {
		card := gatewayCard{Turned: t, Form: gatewayForm(page.Look, t).again(bad), Light: p.Billing.Light(t), Last: page.T("It has not said anything yet.")}
		if len(t.Events) > 0 {
			card.Hook = p.Tenants.Home() + "/hooks/" + t.Name
		}
		if !t.LastEvent.IsZero() {
			card.Last = page.T("It last said something on %s.", page.Moment(t.LastEvent))
		}
		if card.Mode, err = p.Billing.GatewayMode(r.Context(), t.Name); err != nil {
			return err
		}
		page.Cards = append(page.Cards, card)
	}
	return gatewaysPage.ShowAs(w, r, status, page)
}

// gatewayForm are the keys of a gateway. Of a secret only the end is shown, as long as the field is empty.
func gatewayForm(look *ui.Look, t billing.Turned) box {
	f := box{Look: look, ID: t.Name, Action: "/admin/gateways/" + t.Name, Button: look.T("Save")}
	f.Inputs = append(f.Inputs, input{Name: "enabled", Label: "Customers can pay with it", Kind: "check", On: t.Enabled, Hint: "The keys are tried out when you save. Nothing is charged by that."})
	for _, field := range t.Fields {
		i := input{Name: "key_" + field.Name, Label: field.Label, Hint: field.Hint, Value: t.Known[field.Name], Most: 1000}
		switch {
		case field.Secret:
			i.Kind = "secret"
		case field.Text:
			i.Kind, i.Lines, i.Most = "area", 4, 2000
		}
		f.Inputs = append(f.Inputs, i)
	}
	return f
}

func (p *Panel) keepGateway(w http.ResponseWriter, r *http.Request) error {
	all, err := p.Billing.Gateways(r.Context())
	if err != nil {
		return err
	}
	name, look := r.PathValue("gateway"), ui.LookOf(r)
	f := post{right: mayConnect, form: name, page: p.gatewaysWith}
	for _, t := range all {
		if t.Name == name {
			f.names = gatewayForm(look, t).names()
		}
	}
	f.act = func(form url.Values) (string, string, error) {
		keys := gateway.Keys{}
		for field := range form {
			if key, ok := strings.CutPrefix(field, "key_"); ok {
				keys[key] = form.Get(field)
			}
		}
		on := len(form["enabled"]) > 0
		said := look.T("Saved. The gateway is off.")
		if on {
			said = look.T("Saved. The keys are right, and customers can pay with it.")
		}
		return said, "/admin/gateways#" + name, p.Billing.KeepGateway(r.Context(), name, keys, on, actor(r))
	}
	return p.take(w, r, f)
}
