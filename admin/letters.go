package admin

import (
	"errors"
	"net/http"
	"net/url"

	"rowhouse/billing"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var (
	letterTextsPage = ui.Parse[letterTextList](files, ui.App, "letter-texts.html")
	letterTextPage  = ui.Parse[letterTextSheet](files, ui.App, "letter-text.html", "parts.html")
)

type letterTextList struct {
	ui.Frame
	Languages []ui.Language
	Rows      []letterTextRow
}

type letterTextRow struct {
	Kind, Label string
	In          []billing.LetterText // one for each language
}

func (p *Panel) letterTexts(w http.ResponseWriter, r *http.Request) error {
	page := letterTextList{Frame: p.frame(w, r, "Texts of letters", "/admin/letter-texts"), Languages: ui.Languages}
	for _, l := range billing.Letters {
		row := letterTextRow{Kind: l.Kind, Label: page.T(l.Label)}
		for _, language := range ui.Languages {
			t, err := p.Billing.LetterIn(r.Context(), l.Kind, language.Tag)
			if err != nil {
				return err
			}
			row.In = append(row.In, t)
		}
		page.Rows = append(page.Rows, row)
	}
	return letterTextsPage.Show(w, r, page)
}

type letterTextSheet struct {
	ui.Frame
	L             billing.LetterText
	Form          box
	Words         [][2]string // what may stand in braces, and what it is
	Subject, Text string      // with the facts of an example
	To            string      // where a test goes
}

// factWords explain what may stand in braces.
var factWords = map[string]string{"name": "Who gets the letter", "company": "The tenant's company", "crm": "Address of the CRM", "brand": "Your name", "plan": "The plan", "link": "The letter's one link", "home": "Your site",
	"number": "Number of the invoice", "amount": "The amount, with its currency", "date": "The day that it is about", "next": "The day of what comes next", "until": "Until when it is paid", "method": "The saved way to pay",
	"reason": "The reason, in plain words", "act": "What happens next, in a sentence", "detail": "What it is about, in a sentence"}

func (p *Panel) letterText(w http.ResponseWriter, r *http.Request) error {
	return p.letterTextWith(w, r, http.StatusOK, nil)
}

func (p *Panel) letterTextWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	t, err := p.Billing.LetterIn(r.Context(), r.PathValue("kind"), r.PathValue("language"))
	if err != nil {
		return err
	}
	page := letterTextSheet{Frame: p.below(w, r, "Texts of letters", "Texts of letters", "/admin/letter-texts"), L: t, To: actor(r)}
	page.Title = page.T(t.Label)
	page.Form = letterForm(page.Look, t).again(bad)
	if bad != nil && bad.fault.Format == "" {
		page.Form.Problem, page.Toast = "", &ui.Toast{Text: page.T("A test is on its way to %s.", actor(r))}
	}
	if bad != nil {
		t.Subject, t.Text = bad.typed.Get("subject"), bad.typed.Get("text")
	}
	page.Subject, page.Text = p.Billing.Sample(r.Context(), t)
	for _, word := range t.Known() {
		page.Words = append(page.Words, [2]string{"{" + word + "}", page.T(factWords[word])})
	}
	return letterTextPage.ShowAs(w, r, status, page)
}

func letterForm(look *ui.Look, t billing.LetterText) box {
	return box{Look: look, ID: "letter", Action: "/admin/letter-texts/" + t.Kind + "/" + t.Language, Inputs: []input{
		{Name: "subject", Label: "Subject", Value: t.Subject, Required: true, Wide: true}, {Name: "text", Label: "Text", Kind: "area", Lines: 14, Value: t.Text, Required: true}}}
}

// keepLetter keeps a letter's words; or sends them to the operator as a test, without keeping them: they stay in the form then.
func (p *Panel) keepLetter(w http.ResponseWriter, r *http.Request) error {
	look, path := ui.LookOf(r), "/admin/letter-texts/"+url.PathEscape(r.PathValue("kind"))+"/"+url.PathEscape(r.PathValue("language"))
	var tested *refused
	err := p.take(w, r, post{right: mayWrite, form: "letter", names: []string{"subject", "text", "test"}, page: p.letterTextWith, act: func(form url.Values) (string, string, error) {
		t, err := p.Billing.LetterIn(r.Context(), r.PathValue("kind"), r.PathValue("language"))
		if err != nil {
			return "", "", err
		}
		t.Subject, t.Text = form.Get("subject"), form.Get("text")
		if form.Get("test") == "" {
			return look.T("The letter is saved."), path, about("text", p.Billing.KeepLetter(r.Context(), t, actor(r)))
		}
		if err := p.Billing.SendSample(r.Context(), t, actor(r)); err != nil {
			return "", "", about("text", err)
		}
		tested = &refused{form: "letter", typed: form, fault: &fault.Fault{Kind: fault.Invalid}}
		return "", "", errShown
	}})
	if tested == nil || !errors.Is(err, errShown) {
		return err
	}
	return p.letterTextWith(w, r, http.StatusUnprocessableEntity, tested)
}

func (p *Panel) resetLetter(w http.ResponseWriter, r *http.Request) error {
	return p.take(w, r, post{right: mayWrite, act: func(url.Values) (string, string, error) {
		t, err := p.Billing.LetterIn(r.Context(), r.PathValue("kind"), r.PathValue("language"))
		if err != nil {
			return "", "", err
		}
		return ui.LookOf(r).T("The letter is as it was built in."), "/admin/letter-texts/" + t.Kind + "/" + t.Language, p.Billing.ResetLetter(r.Context(), t.Kind, t.Language, actor(r))
	}})
}
