package admin

import (
	"database/sql"
	"net/http"
	"net/url"
	"strconv"

	"rowhouse/admin/hook"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var webhooksPage = ui.Parse[webhookList](files, ui.App, "webhooks.html", "parts.html")

// webhookList is the host's own programs that are told.
type webhookList struct {
	ui.Frame
	Rows []webhookRow
	Form box
}

type webhookRow struct {
	hook.Webhook
	Path string
}

func webhookPath(id int64, more ...string) string {
	path := "/admin/webhooks/" + strconv.FormatInt(id, 10)
	for _, m := range more {
		path += "/" + m
	}
	return path
}

// webhooks lists them. An address may hold what is nobody else's business, so only who may rule sees the page.
func (p *Panel) webhooks(w http.ResponseWriter, r *http.Request) error {
	return p.webhooksWith(w, r, http.StatusOK, nil)
}

func (p *Panel) webhooksWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	if err := may(r, mayRule); err != nil {
		return err
	}
	page := webhookList{Frame: p.frame(w, r, "Webhooks", "/admin/webhooks")}
	list, err := p.Hooks.List(r.Context())
	if err != nil {
		return err
	}
	for _, h := range list {
		page.Rows = append(page.Rows, webhookRow{h, webhookPath(h.ID)})
	}
	page.Form = webhookForm(page.Look, hook.Webhook{}).again(bad)
	return webhooksPage.ShowAs(w, r, status, page)
}

// webhookForm is a webhook's address and what it is told; without a number it is a new one.
func webhookForm(look *ui.Look, h hook.Webhook) box {
	form := box{Look: look, ID: "webhook", Action: "/admin/webhooks", Label: "New webhook", Hint: "Each message is signed with a secret that you see once.", Button: look.T("Make it")}
	if h.ID > 0 {
		form.Action, form.Label, form.Hint, form.Button = webhookPath(h.ID), "What it is told", "", look.T("Save")
	}
	var kinds []option
	for _, k := range hook.Kinds() {
		kinds = append(kinds, option{Value: k.Name, Label: look.T(k.Label), Text: k.Name})
	}
	form.Inputs = []input{{Name: "url", Label: "Address", Value: h.URL, Required: true, Wide: true, Most: hook.MaxURL, Hint: "It begins with https:// and is reachable from the internet."},
		{Name: "kinds", Label: "Events", Kind: "checks", Options: choose(kinds, h.Kinds...)}}
	return form
}

// addWebhook makes one and shows its secret, this once.
func (p *Panel) addWebhook(w http.ResponseWriter, r *http.Request) error {
	if err := may(r, mayRule); err != nil {
		return err
	}
	form, err := ui.Form(w, r, "url", "kinds[]")
	if err != nil {
		return err
	}
	var id int64
	var secret string
	err = p.DB.Tx(r.Context(), func(tx *sql.Tx) error {
		if id, secret, err = p.Hooks.Add(r.Context(), tx, form.Get("url"), form["kinds[]"]); err != nil {
			return err
		}
		return p.Tenants.Audit(r.Context(), tx, actor(r), "webhook made", "", strconv.FormatInt(id, 10))
	})
	if f := fault.Of(err); err != nil && (f.Kind == fault.Invalid || f.Kind == fault.Limit) {
		return p.webhooksWith(w, r, ui.Status(f.Kind), &refused{"webhook", form, f})
	}
	if err != nil {
		return err
	}
	return p.webhookWith(w, r, id, http.StatusOK, nil, secret)
}

// webhookAct does something with one webhook, and notes who did.
func (p *Panel) webhookAct(w http.ResponseWriter, r *http.Request, act, said string, do func(tx *sql.Tx) error) error {
	return p.take(w, r, post{right: mayRule, act: func(url.Values) (string, string, error) {
		return said, webhookPath(number(r)), p.hookTx(r, act, do)
	}})
}

func (p *Panel) hookTx(r *http.Request, act string, do func(tx *sql.Tx) error) error {
	return p.DB.Tx(r.Context(), func(tx *sql.Tx) error {
		if err := do(tx); err != nil {
			return err
		}
		return p.Tenants.Audit(r.Context(), tx, actor(r), act, "", r.PathValue("id"))
	})
}
