package settings

import (
	"net/http"

	"rowhouse/crm/page"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

// Sheet is what every page here shares: the frame, the list of pages at its side, and what was wrong with a form.
type Sheet struct {
	ui.Frame
	Beside  []ui.Group
	Wrong   ui.Problems
	Refused string // why what was sent was not taken
	Status  int
}

// begin makes the sheet of the page at the address here, one of the navigation's. failed is why a form was not
// taken; if it is nothing that typing again could mend, it comes back as the error.
func begin(w http.ResponseWriter, r *http.Request, d *page.Desk, title, here string, failed error) (Sheet, error) {
	if failed != nil && !mendable(failed) {
		return Sheet{}, failed
	}
	menu := "/admin/settings"
	if here == "/admin/profile" || here == "/admin/staff" || here == "/admin/settings/trash" {
		menu = here
	}
	s := Sheet{Frame: d.Frame(w, r, ui.LookOf(r).T(title), menu), Status: http.StatusOK}
	s.Beside = nav(d, s.Look, here)
	if menu != "/admin/profile" {
		s.Crumbs = []ui.Item{{Label: s.T("Settings"), URL: "/admin/settings"}}
	}
	if failed != nil {
		f := fault.Of(failed)
		s.Status, s.Wrong = http.StatusUnprocessableEntity, ui.Wrong(failed)
		s.Refused = s.T(f.Format, f.Args...)
	}
	return s, nil
}

// Begin makes the sheet of a page that another package keeps among the settings, as begin does.
func Begin(w http.ResponseWriter, r *http.Request, d *page.Desk, title, here string, failed error) (Sheet, error) {
	return begin(w, r, d, title, here, failed)
}

// mendable tells whether the person can correct what they sent.
func mendable(err error) bool {
	switch fault.Of(err).Kind {
	case fault.Invalid, fault.Conflict, fault.Limit, fault.TooLarge:
		return true
	}
	return false
}

// nav is the list at the side: all pages for administrators, for others their own.
func nav(d *page.Desk, look *ui.Look, here string) []ui.Group {
	var groups []ui.Group
	if d.Store.Actor.Admin {
		groups = officeNav(look)
	}
	history := ui.Group{Label: look.T("History")}
	if d.Store.Actor.Admin {
		history.Items = append(history.Items, ui.Item{Label: look.T("Activity log"), URL: "/admin/settings/log", Icon: "activity"})
	}
	if mayDelete(d) {
		history.Items = append(history.Items, ui.Item{Label: look.T("Trash"), URL: "/admin/settings/trash", Icon: "trash-2"})
	}
	if len(history.Items) > 0 {
		groups = append(groups, history)
	}
	groups = append(groups, ui.Group{Label: look.T("You"), Items: []ui.Item{{Label: look.T("My profile"), URL: "/admin/profile", Icon: "user-round"}}})
	for _, g := range groups {
		for i := range g.Items {
			g.Items[i].Current = g.Items[i].URL == here
		}
	}
	return groups
}

func officeNav(look *ui.Look) []ui.Group {
	return []ui.Group{
		{Label: look.T("Company"), Items: []ui.Item{
			{Label: look.T("Company details"), URL: "/admin/settings/company", Icon: "building-2"},
			{Label: look.T("Brand"), URL: "/admin/settings/brand", Icon: "palette"},
			{Label: look.T("Language and time"), URL: "/admin/settings/localisation", Icon: "languages"},
			{Label: look.T("Plan and billing"), URL: "/admin/billing", Icon: "credit-card"},
			{Label: look.T("Support access"), URL: "/admin/settings/support", Icon: "life-buoy"},
		}},
		{Label: look.T("Records"), Items: []ui.Item{
			{Label: look.T("Lists"), URL: "/admin/settings/lists", Icon: "list"},
			{Label: look.T("Fields"), URL: "/admin/settings/fields", Icon: "text-cursor-input"},
			{Label: look.T("Rules"), URL: "/admin/settings/duplicates", Icon: "copy"},
		}},
		{Label: look.T("People"), Items: []ui.Item{
			{Label: look.T("Staff"), URL: "/admin/staff", Icon: "users"},
			{Label: look.T("Roles"), URL: "/admin/settings/roles", Icon: "shield-check"},
			{Label: look.T("Teams"), URL: "/admin/settings/teams", Icon: "users-round"},
		}},
	}
}
