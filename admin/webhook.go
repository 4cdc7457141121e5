package admin

import (
	"database/sql"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"rowhouse/admin/hook"
	"rowhouse/ui"
)

var webhookPage = ui.Parse[webhookSheet](files, ui.App, "webhook.html", "parts.html")

// shownDeliveries is how many deliveries the page of a webhook shows.
const shownDeliveries = 100

// webhookSheet is one webhook with what was sent to it.
type webhookSheet struct {
	ui.Frame
	H      hook.Webhook
	Path   string
	Secret string // one that was just made; shown this once
	Twice  bool   // the secret before still signs
	Form   box
	Rows   []deliveryRow
	Wait   bool // something is on its way
}

type deliveryRow struct {
	hook.Delivery
	Word, Path, Request string
	Hue                 int
}

var deliveryWords = map[string]string{"waiting": "Waiting", "sent": "Delivered", "dead": "Given up"}

var deliveryHues = map[string]int{"waiting": 7, "sent": 4, "dead": 0}

func (p *Panel) webhook(w http.ResponseWriter, r *http.Request) error {
	return p.webhookWith(w, r, number(r), http.StatusOK, nil, "")
}

func (p *Panel) webhookWith(w http.ResponseWriter, r *http.Request, id int64, status int, bad *refused, secret string) error {
	if err := may(r, mayRule); err != nil {
		return err
	}
	h, err := p.Hooks.ByID(r.Context(), id)
	if err != nil {
		return err
	}
	list, err := p.Hooks.Deliveries(r.Context(), id, shownDeliveries)
	if err != nil {
		return err
	}
	now := p.Clock.Now()
	page := webhookSheet{Frame: p.below(w, r, "Webhook", "Webhooks", "/admin/webhooks"), H: h, Path: webhookPath(id), Secret: secret, Twice: now.Before(h.OldUntil)}
	page.Form = webhookForm(page.Look, h).again(bad)
	for _, d := range list {
		page.Rows = append(page.Rows, deliveryRow{d, page.T(deliveryWords[d.State]), webhookPath(id, "deliveries", strconv.FormatInt(d.ID, 10)), string(d.Body()), deliveryHues[d.State]})
		page.Wait = page.Wait || d.State == "waiting" && d.Due.Before(now.Add(time.Second)) && (h.Enabled || d.Kind == "test")
	}
	w.Header().Set("Cache-Control", "no-store")
	return webhookPage.ShowAs(w, r, status, page)
}

func (p *Panel) saveWebhook(w http.ResponseWriter, r *http.Request) error {
	again := func(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
		return p.webhookWith(w, r, number(r), status, bad, "")
	}
	return p.take(w, r, post{right: mayRule, form: "webhook", names: []string{"url", "kinds[]"}, page: again, act: func(form url.Values) (string, string, error) {
		return ui.LookOf(r).T("Saved"), webhookPath(number(r)), p.hookTx(r, "webhook changed", func(tx *sql.Tx) error {
			return p.Hooks.Change(r.Context(), tx, number(r), form.Get("url"), form["kinds[]"])
		})
	}})
}

func (p *Panel) turnWebhook(w http.ResponseWriter, r *http.Request) error {
	return p.take(w, r, post{right: mayRule, names: []string{"on"}, act: func(form url.Values) (string, string, error) {
		said, act := ui.LookOf(r).T("It is told again, also of what happened meanwhile."), "webhook turned on"
		if form.Get("on") == "" {
			said, act = ui.LookOf(r).T("It is told nothing until you turn it on again."), "webhook turned off"
		}
		return said, webhookPath(number(r)), p.hookTx(r, act, func(tx *sql.Tx) error { return p.Hooks.Turn(r.Context(), tx, number(r), form.Get("on") != "") })
	}})
}

// renewWebhook makes a new secret and shows it, this once.
func (p *Panel) renewWebhook(w http.ResponseWriter, r *http.Request) error {
	if err := may(r, mayRule); err != nil {
		return err
	}
	if _, err := ui.Form(w, r); err != nil {
		return err
	}
	var secret string
	err := p.hookTx(r, "webhook's secret renewed", func(tx *sql.Tx) (err error) {
		secret, err = p.Hooks.Renew(r.Context(), tx, number(r))
		return err
	})
	if err != nil {
		return err
	}
	return p.webhookWith(w, r, number(r), http.StatusOK, nil, secret)
}

func (p *Panel) testWebhook(w http.ResponseWriter, r *http.Request) error {
	return p.webhookAct(w, r, "webhook tested", ui.LookOf(r).T("A test is on its way."), func(tx *sql.Tx) error {
		return p.Hooks.Test(r.Context(), tx, number(r))
	})
}

func (p *Panel) sendWebhook(w http.ResponseWriter, r *http.Request) error {
	return p.webhookAct(w, r, "webhook sent again", ui.LookOf(r).T("It is on its way again."), func(tx *sql.Tx) error {
		id, _ := strconv.ParseInt(r.PathValue("delivery"), 10, 64) // none has the number 0
		return p.Hooks.Again(r.Context(), tx, number(r), id)
	})
}

func (p *Panel) deleteWebhook(w http.ResponseWriter, r *http.Request) error {
	return p.take(w, r, post{right: mayRule, act: func(url.Values) (string, string, error) {
		return ui.LookOf(r).T("The webhook is deleted."), "/admin/webhooks", p.hookTx(r, "webhook deleted", func(tx *sql.Tx) error {
			return p.Hooks.Delete(r.Context(), tx, number(r))
		})
	}})
}
