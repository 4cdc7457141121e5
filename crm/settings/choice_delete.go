package settings

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"rowhouse/crm/page"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var deletionPage = ui.Parse[formSheet](files, ui.App, "form.html", "parts.html")

// act does to a row of a list what a button said: yes or no in one field of the form.
func act(w http.ResponseWriter, r *http.Request, d *page.Desk, field string, words map[string]bool, do func(context.Context, int64, bool) error) error {
	c, l, err := choiceOf(r, d)
	if err != nil {
		return err
	}
	form, err := ui.Form(w, r, field)
	if err != nil {
		return err
	}
	yes, known := words[form.Get(field)]
	if !known {
		return fault.New(fault.Invalid, "Please choose one of the list.")
	}
	if err := do(r.Context(), c.ID, yes); mendable(err) {
		return drawList(w, r, d, l, nil, err)
	} else if err != nil {
		return err
	}
	return ui.Back(w, r, listURL(l.Name))
}

// nothing is the word for an empty field in the form that asks where records go.
const nothing = "nothing"

func showDeletion(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	return drawDeletion(w, r, d, nil, nil)
}

// drawDeletion asks what the records get that have the choice.
func drawDeletion(w http.ResponseWriter, r *http.Request, d *page.Desk, typed url.Values, failed error) error {
	c, l, err := choiceOf(r, d)
	if err != nil {
		return err
	}
	s, err := beginChoice(w, r, d, c, l, failed)
	if err != nil {
		return err
	}
	n, err := d.Store.ChoiceUse(r.Context(), c)
	if err != nil {
		return err
	}
	p := formSheet{Sheet: s, Head: s.T("Delete “%s”", c.Label), Action: choiceURL(c.ID) + "/deletion", Cancel: listURL(l.Name), Save: s.T("Delete"), Danger: true, Lead: s.T("No record has it.")}
	if n > 0 {
		p.Lead = s.N("%d record has it and needs another one.", "%d records have it and need another one.", int(n))
		to := Input{Name: "to", Label: s.T("They get"), Type: "select", Required: true, Options: []Option{{Value: "", Label: s.T("Please choose")}}}
		for _, other := range d.Store.Book.Choices(l.Name) {
			if other.ID != c.ID && !other.Archived {
				to.Options = append(to.Options, Option{Value: itoa(other.ID), Label: other.Label})
			}
		}
		if !l.Required {
			to.Options = append(to.Options, Option{Value: nothing, Label: s.T("Nothing: the field stays empty")})
		}
		p.Inputs = p.fill([]Input{to}, typed)
	}
	return deletionPage.ShowAs(w, r, s.Status, p)
}

func deleteChoice(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	c, l, err := choiceOf(r, d)
	if err != nil {
		return err
	}
	form, err := ui.Form(w, r, "to")
	if err != nil {
		return err
	}
	to, err := target(r, d, form.Get("to"))
	if err == nil {
		err = d.Store.DeleteChoice(r.Context(), c.ID, to)
	}
	if err != nil {
		return drawDeletion(w, r, d, form, err)
	}
	return done(w, r, listURL(l.Name), "Deleted")
}

// target reads where the records go. It must be said, unless there are none.
func target(r *http.Request, d *page.Desk, word string) (int64, error) {
	c, _, err := choiceOf(r, d)
	if err != nil {
		return 0, err
	}
	switch word {
	case nothing:
		return 0, nil
	case "":
		n, err := d.Store.ChoiceUse(r.Context(), c)
		if err == nil && n > 0 {
			err = wrong("to", "Records have this choice. Please choose what they get instead.")
		}
		return 0, err
	}
	to, err := strconv.ParseInt(word, 10, 64)
	if err != nil || to <= 0 {
		return 0, wrong("to", "Please choose one of the list.")
	}
	return to, nil
}
