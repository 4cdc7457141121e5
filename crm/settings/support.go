package settings

import (
	"net/http"
	"strconv"

	"rowhouse/crm/page"
	"rowhouse/crm/staff"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var supportPage = ui.Parse[supportSheet](files, ui.App, "support.html", "parts.html")

// supportSheet says whether the provider's support may sign in, and when it did.
type supportSheet struct {
	Sheet
	Modes  []Option
	Visits []visitRow
}

// visitRow is a visit in words.
type visitRow struct {
	staff.Visit
	Word           string
	Hue            int
	Waits, Allowed bool
}

func supportModes(look *ui.Look, now staff.Support) []Option {
	if now == "" {
		now = staff.SupportAlways
	}
	return []Option{
		{Value: string(staff.SupportAlways), Label: look.T("Always: support may sign in, and the log says when and why"), Chosen: now == staff.SupportAlways},
		{Value: string(staff.SupportAsk), Label: look.T("Ask me: only after the owner has allowed it, for some hours"), Chosen: now == staff.SupportAsk},
		{Value: string(staff.SupportNever), Label: look.T("Never: nobody but our staff signs in"), Chosen: now == staff.SupportNever},
	}
}

func showSupport(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	return drawSupport(w, r, d, nil)
}

func drawSupport(w http.ResponseWriter, r *http.Request, d *page.Desk, failed error) error {
	s, err := begin(w, r, d, "Support access", "/admin/settings/support", failed)
	if err != nil {
		return err
	}
	p := supportSheet{Sheet: s, Modes: supportModes(s.Look, staff.Support(d.Store.Book.Settings[staff.SupportSetting]))}
	visits, err := staff.Visits(r.Context(), d.Store.DB, 50)
	if err != nil {
		return err
	}
	for _, v := range visits {
		row := visitRow{Visit: v, Waits: v.State == "asked", Allowed: v.State == "allowed" && v.Until.After(d.Store.Now)}
		switch {
		case row.Waits:
			row.Word, row.Hue = s.T("Waits for your answer"), 1
		case row.Allowed:
			row.Word, row.Hue = s.T("Allowed until %s", s.Moment(v.Until)), 4
		case v.State == "allowed":
			row.Word, row.Hue = s.T("Allowed, time is over"), 11
		case v.State == "refused":
			row.Word, row.Hue = s.T("Refused"), 0
		default:
			row.Word, row.Hue = s.T("Was here"), 7
		}
		p.Visits = append(p.Visits, row)
	}
	return supportPage.ShowAs(w, r, s.Status, p)
}

func saveSupport(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	form, err := ui.Form(w, r, "access")
	if err != nil {
		return err
	}
	if err := staff.SetSupport(r.Context(), d.Store, staff.Support(form.Get("access"))); err != nil {
		return drawSupport(w, r, d, err)
	}
	ui.Say(w, ui.LookOf(r).T("Saved."), "")
	return ui.Back(w, r, "/admin/settings/support")
}

func answerSupport(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	form, err := ui.Form(w, r, "hours")
	if err != nil {
		return err
	}
	id, err := asID(r.PathValue("id"), 0)
	if err != nil {
		return err
	}
	hours, err := strconv.Atoi(form.Get("hours"))
	if err != nil || hours < 0 {
		return fault.New(fault.Invalid, "Please choose one of the list.")
	}
	if err := staff.AnswerSupport(r.Context(), d.Store, id, hours); err != nil {
		return drawSupport(w, r, d, err)
	}
	ui.Say(w, ui.LookOf(r).T("Saved."), "")
	return ui.Back(w, r, "/admin/settings/support")
}
