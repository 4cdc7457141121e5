package admin

import (
	"net/http"

	"rowhouse/crm/staff"
	"rowhouse/tenant"
	"rowhouse/ui"
)

// tenantStaff is who works in a tenant's CRM, and what support has done there.
type tenantStaff struct {
	tenantHead
	People  []staffRow
	Visits  []staff.Visit
	Closed  string // why its file cannot be looked into
	Support string // whether support may come, in words
}

type staffRow struct {
	staff.Person
	Word string
	Hue  int
	Seen string
}

var staffWords = map[staff.State]string{staff.Invited: "Invited", staff.Active: "Active", staff.Inactive: "Inactive"}

var staffHues = map[staff.State]int{staff.Invited: 1, staff.Active: 4, staff.Inactive: 11}

var supportWords = map[staff.Support]string{staff.SupportAlways: "Support may sign in at any time.", staff.SupportAsk: "Support has to ask each time.", staff.SupportNever: "Support may not sign in."}

func (p *Panel) tenantStaff(w http.ResponseWriter, r *http.Request) error {
	head, st, err := p.head(w, r, "staff")
	if err != nil {
		return err
	}
	page := tenantStaff{tenantHead: head}
	if st.State != tenant.Active || st.Damaged != "" {
		page.Closed = page.T("Its file is not in use, so nobody can be shown.")
		return tenantPeople.Show(w, r, page)
	}
	db, done, err := p.Tenants.Files.Use(r.Context(), st.Name)
	if err != nil {
		return err
	}
	defer done()
	people, err := staff.List(r.Context(), db)
	if err != nil {
		return err
	}
	for _, one := range people {
		page.People = append(page.People, staffLine(page.Look, one))
	}
	access, err := staff.SupportOf(r.Context(), db)
	if err != nil {
		return err
	}
	page.Support = page.T(supportWords[access])
	if page.Visits, err = staff.Visits(r.Context(), db, 20); err != nil {
		return err
	}
	return tenantPeople.Show(w, r, page)
}

func staffLine(look *ui.Look, p staff.Person) staffRow {
	row := staffRow{Person: p, Word: look.T(staffWords[p.State]), Hue: staffHues[p.State], Seen: look.T("Never there")}
	if !p.LastLogin.IsZero() {
		row.Seen = look.Ago(p.LastLogin)
	}
	return row
}
