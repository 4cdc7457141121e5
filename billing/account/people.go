package account

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"rowhouse/billing"
	"rowhouse/crm/page"
	"rowhouse/crm/settings"
	"rowhouse/crm/staff"
	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
)

var peoplePage = ui.Parse[peopleSheet](files, ui.App, "people.html", "parts.html")

// peopleSheet is where it is chosen who goes on working, if a plan has fewer seats than there are people.
type peopleSheet struct {
	settings.Sheet
	Lead  string
	Rows  []memberRow
	Wish  billing.Wish // what it is chosen for; without a plan: what the tenant has now
	Later string       // where who decides later goes on
}

// memberRow is one who can stay or go.
type memberRow struct {
	ID                              int64
	FullName, Email, Role, LastSeen string
	Kept, Fixed                     bool // Fixed: cannot be chosen, as the owner and oneself
	Owner, Self                     bool
}

func (a *Account) showStaff(w http.ResponseWriter, r *http.Request, d *page.Desk, _ billing.Subscription) error {
	return a.drawStaff(w, r, d, r.URL.Query(), nil, nil)
}

// room is how many people can stay: of what is wished for, or of what the tenant has.
func (a *Account) room(r *http.Request, d *page.Desk, v url.Values) (billing.Wish, tenant.Limits, error) {
	if v.Get("plan") == "" {
		return billing.Wish{}, d.Site.Limits, nil
	}
	want, err := a.wish(r, v)
	return want, limitsOf(want), err
}

func (a *Account) drawStaff(w http.ResponseWriter, r *http.Request, d *page.Desk, v url.Values, kept []int64, failed error) error {
	want, limits, err := a.room(r, d, v)
	if err != nil {
		return err
	}
	if limits.Staff == tenant.Unlimited {
		return ui.Back(w, r, home)
	}
	sheet, err := begin(w, r, d, "Who stays", failed)
	if err != nil {
		return err
	}
	list, err := staff.List(r.Context(), d.Store.DB)
	if err != nil {
		return err
	}
	p := peopleSheet{Sheet: sheet, Wish: want, Later: back(want), Lead: sheet.N("%d person can go on working. Choose who. The others can no longer sign in from now on; what they made stays.",
		"%d people can go on working. Choose who. The others can no longer sign in from now on; what they made stays.", int(limits.Staff))}
	if kept == nil {
		kept = suggested(d, list, int(limits.Staff))
	}
	for _, one := range list {
		if one.State != staff.Inactive {
			p.Rows = append(p.Rows, newMemberRow(sheet.Look, d, one, kept))
		}
	}
	return peoplePage.ShowAs(w, r, sheet.Status, p)
}

// back is where one goes on after choosing: the preview that it was for, or the overview.
func back(want billing.Wish) string {
	if want.Plan.ID == 0 {
		return home
	}
	return home + "/plan?" + query(want)
}

func newMemberRow(look *ui.Look, d *page.Desk, p staff.Person, kept []int64) memberRow {
	row := memberRow{ID: p.ID, FullName: p.Name(), Email: p.Email, Role: p.RoleName, LastSeen: look.T("Never"), Owner: p.Owner, Self: p.ID == d.Person.ID}
	if !p.LastLogin.IsZero() {
		row.LastSeen = look.Moment(p.LastLogin)
	}
	row.Fixed = row.Owner || row.Self
	row.Kept = row.Fixed || slices.Contains(kept, p.ID)
	return row
}

// suggested are those who would stay if nobody chose: the owner, oneself, and who was here last.
func suggested(d *page.Desk, list []staff.Person, most int) []int64 {
	rank := func(p staff.Person) int {
		switch {
		case p.Owner:
			return 0
		case p.ID == d.Person.ID:
			return 1
		}
		return 2
	}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b staff.Person) int {
		if n := rank(a) - rank(b); n != 0 {
			return n
		}
		return b.LastLogin.Compare(a.LastLogin)
	})
	var ids []int64
	for _, p := range list {
		if p.State != staff.Inactive && len(ids) < most {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// saveStaff takes the right to sign in from those who were not chosen. Nothing is deleted, and each can come back.
func (a *Account) saveStaff(w http.ResponseWriter, r *http.Request, d *page.Desk, _ billing.Subscription) error {
	form, err := ui.Form(w, r, "keep[]", "plan", "price", "seats")
	if err != nil {
		return err
	}
	want, limits, err := a.room(r, d, form)
	if err != nil {
		return err
	}
	kept := []int64{}
	for _, id := range form["keep[]"] {
		kept = append(kept, number(id))
	}
	leaving, err := leaving(r.Context(), d, kept, limits)
	if err != nil {
		return a.drawStaff(w, r, d, form, kept, err)
	}
	for _, p := range leaving {
		c := staff.Change{First: p.First, Last: p.Last, Role: p.Role, Team: p.Team}
		if err := staff.Save(r.Context(), d.Store, d.House(), p.ID, c); err != nil {
			return err
		}
	}
	ui.Say(w, ui.LookOf(r).N("%d person can no longer sign in.", "%d people can no longer sign in.", len(leaving)), "")
	return ui.Back(w, r, back(want))
}

// leaving are those who were not chosen. Too many who were is a fault.Invalid.
func leaving(ctx context.Context, d *page.Desk, kept []int64, limits tenant.Limits) ([]staff.Person, error) {
	list, err := staff.List(ctx, d.Store.DB)
	if err != nil {
		return nil, err
	}
	var gone []staff.Person
	staying := int64(0)
	for _, p := range list {
		switch {
		case p.State == staff.Inactive:
		case p.Owner || p.ID == d.Person.ID || slices.Contains(kept, p.ID):
			staying++
		default:
			gone = append(gone, p)
		}
	}
	if limits.Staff != tenant.Unlimited && staying > limits.Staff {
		return nil, fault.New(fault.Invalid, "You have chosen %d people, and there are %d seats. Please choose fewer.", staying, limits.Staff)
	}
	return gone, nil
}

// Hidden are the fields that carry what it is chosen for.
func (p peopleSheet) Hidden() []settings.Option {
	if p.Wish.Plan.ID == 0 {
		return nil
	}
	say := func(n int64) string { return strconv.FormatInt(n, 10) }
	return []settings.Option{{Value: say(p.Wish.Plan.ID), Label: "plan"}, {Value: say(p.Wish.Price.ID), Label: "price"}, {Value: say(p.Wish.Seats), Label: "seats"}}
}
