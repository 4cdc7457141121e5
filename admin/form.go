package admin

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"rowhouse/data/fault"
	"rowhouse/ui"
)

// box is one form on a page: a panel with a heading, fields and a button.
type box struct {
	*ui.Look
	ID, Action  string
	Label, Hint string // heading and the sentence below it, in English
	Button      string // in the reader's language
	Danger      bool   // what it does cannot be taken back
	Inputs      []input
	Problem     string
	Answers     bool // with a page that is shown once, instead of leading on
}

// input is one field of a form. Label and Hint are in English, options in the reader's language.
type input struct {
	Name, Label, Hint string
	Kind              string // text if empty; secret, number, email, date, area, select, check, checks, limit, hidden
	Value             string
	Number            string // of a limit: the number beside the choice
	Unit              string // stands behind the field, in the reader's language
	Options           []option
	On                bool // of a check
	Required, Wide    bool
	Least, Most       int // Most 0 is 200 characters
	Lines             int
	Wrong             string // what is wrong with it, in the reader's language
}

// Longest is the most characters that may be typed.
func (i input) Longest() int {
	if i.Most > 0 {
		return i.Most
	}
	if i.Kind == "area" {
		return 10000
	}
	return 200
}

// option is something to choose.
type option struct {
	Value, Label, Text string
	On                 bool
}

// choose marks the chosen ones of some options.
func choose(all []option, chosen ...string) []option {
	some := slices.Clone(all)
	for n := range some {
		some[n].On = slices.Contains(chosen, some[n].Value)
	}
	return some
}

// refused is a form that was not taken: it is shown again as it was typed, with what is wrong.
type refused struct {
	form  string
	typed url.Values
	fault *fault.Fault
}

// again puts into a form what was typed before it was refused.
func (b box) again(bad *refused) box {
	if bad == nil || bad.form != b.ID {
		return b
	}
	b.Problem = b.T(bad.fault.Format, bad.fault.Args...)
	b.Inputs = slices.Clone(b.Inputs)
	for n := range b.Inputs {
		i := &b.Inputs[n]
		i.Wrong = ui.Problems(bad.fault.Fields).Say(b.Look, i.Name)
		if i.Kind == "secret" || i.Kind == "hidden" {
			continue
		}
		i.Value, i.Number = bad.typed.Get(i.Name), bad.typed.Get(i.Name+"_number")
		i.On = bad.typed.Get(i.Name) != ""
		i.Options = choose(i.Options, append(bad.typed[i.Name+"[]"], i.Value)...)
	}
	return b
}

// homeless says what was wrong with a form that is not on the page any more: what it was for has changed meanwhile.
func (bad *refused) homeless(look *ui.Look, forms ...box) string {
	if bad == nil || slices.ContainsFunc(forms, func(f box) bool { return f.ID == bad.form }) {
		return ""
	}
	return look.T(bad.fault.Format, bad.fault.Args...)
}

// names are the fields that a form may have.
func (b box) names() []string {
	var names []string
	for _, i := range b.Inputs {
		switch i.Kind {
		case "checks":
			names = append(names, i.Name+"[]")
		case "limit":
			names = append(names, i.Name, i.Name+"_number")
		default:
			names = append(names, i.Name)
		}
	}
	return names
}

// post is a form that has come: which right it needs, its fields, what it does, and the page to show it on again
// (none: a button alone, whose error is a page of its own).
type post struct {
	right right
	form  string // which form of the page
	names []string
	act   func(form url.Values) (said, to string, err error)
	page  func(w http.ResponseWriter, r *http.Request, status int, bad *refused) error
}

// take reads a form, does its act, and leads on with a word of what was done, in the reader's language. What the person can do something about is
// shown on the page from which the form came.
func (p *Panel) take(w http.ResponseWriter, r *http.Request, f post) error {
	if err := may(r, f.right); err != nil {
		return err
	}
	form, err := ui.Form(w, r, f.names...)
	if err != nil {
		return err
	}
	said, to, err := f.act(form)
	if err == nil {
		ui.Say(w, said, "")
		return ui.Back(w, r, to)
	}
	if f.page == nil {
		return err
	}
	switch bad := fault.Of(err); bad.Kind {
	case fault.Invalid, fault.Conflict, fault.Busy, fault.Limit:
		return f.page(w, r, ui.Status(bad.Kind), &refused{f.form, form, bad})
	}
	return err
}

// errShown ends a form that changed nothing and is shown again by its own handler.
var errShown = errors.New("shown again")

// actor is who acts, for the books.
func actor(r *http.Request) string { return visitOf(r).operator.Email }

// about puts an error to the field that it is about.
func about(field string, err error) error {
	if f := fault.Of(err); err != nil && f.Kind == fault.Invalid && f.Fields == nil {
		return &fault.Fault{Kind: fault.Invalid, Format: "Please check the marked fields.", Fields: map[string]error{field: err}}
	}
	return err
}
