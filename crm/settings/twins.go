package settings

import (
	"net/http"
	"slices"

	"rowhouse/crm/page"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var twinsPage = ui.Parse[twinsSheet](files, ui.App, "twins.html", "parts.html")

type twinsSheet struct {
	Sheet
	Keys   []twinKey
	Reason bool // losing a record asks why
}

// twinKey is something that two records which are one would share, and what happens when they do.
type twinKey struct {
	Name, Label, Hint string
	Modes             []Option
}

func twinKeys(look *ui.Look) []twinKey {
	return []twinKey{
		{Name: "email", Label: look.T("E-mail address"), Hint: look.T("The same address, in small or large letters.")},
		{Name: "phone", Label: look.T("Phone number"), Hint: look.T("The same last nine digits, however they are written.")},
		{Name: "domain", Label: look.T("Website"), Hint: look.T("The same domain.")},
		{Name: "name", Label: look.T("Name"), Hint: look.T("The same letters; accents and spaces do not count.")},
	}
}

// modes are what can happen; the setting twins.KEY keeps the word.
func modes(look *ui.Look) []Option {
	return []Option{{Value: "off", Label: look.T("Ignore")}, {Value: "warn", Label: look.T("Warn")}, {Value: "block", Label: look.T("Refuse")}}
}

func showTwins(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	s, err := begin(w, r, d, "Rules", "/admin/settings/duplicates", nil)
	if err != nil {
		return err
	}
	p := twinsSheet{Sheet: s, Keys: twinKeys(s.Look), Reason: d.Store.Book.Settings["board.reason"] == "required"}
	for i := range p.Keys {
		k := &p.Keys[i]
		now := d.Store.Book.Settings["twins."+k.Name]
		if now == "" {
			now = "warn"
			if k.Name == "name" {
				now = "off" // as the engine has it: names are alike too often
			}
		}
		k.Modes = modes(s.Look)
		for n := range k.Modes {
			k.Modes[n].Chosen = k.Modes[n].Value == now
		}
	}
	return twinsPage.Show(w, r, p)
}

func saveTwins(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	look := ui.LookOf(r)
	form, err := ui.Form(w, r, "email", "phone", "domain", "name", "reason")
	if err != nil {
		return err
	}
	values, problems := map[string]string{}, ui.Problems{}
	for _, k := range twinKeys(look) {
		if !offered(modes(look), form.Get(k.Name)) {
			problems.Add(k.Name, "Please choose one of the list.")
		}
		values["twins."+k.Name] = form.Get(k.Name)
	}
	if err := problems.Err(); err != nil {
		return err
	}
	values["board.reason"] = form.Get("reason")
	if err := oneOf(form.Get("reason"), "", "required"); err != nil {
		return err
	}
	if err := d.Store.SetSettings(r.Context(), values); err != nil {
		return err
	}
	return done(w, r, "/admin/settings/duplicates", "Saved")
}

// oneOf refuses a word that a form does not offer.
func oneOf(word string, offered ...string) error {
	if !slices.Contains(offered, word) {
		return fault.New(fault.Invalid, "Please choose one of the list.")
	}
	return nil
}
