package settings

import (
	"net/http"
	"net/url"
	"strconv"

	"rowhouse/crm/page"
	"rowhouse/crm/record"
	"rowhouse/crm/staff"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var (
	rolesPage = ui.Parse[rolesSheet](files, ui.App, "roles.html", "parts.html")
	rolePage  = ui.Parse[roleSheet](files, ui.App, "role.html", "parts.html")
)

type rolesSheet struct {
	Sheet
	Rows []roleRow
}

type roleRow struct {
	staff.Role
	Held string
}

// roleSheet is the matrix of one role: what it may do with which records.
type roleSheet struct {
	Sheet
	Head, Action string
	NameInput    Input
	Columns      []string
	Rows         []rightRow
	Made         bool // it exists already
	Admin        bool // it has every right
	Held         int
}

// rightRow is the rights on one entity: how far, and whether at all.
type rightRow struct {
	Label string
	Far   []farCell
	Flags []flagCell
}

type farCell struct {
	Name, Label string
	Levels      []Option
}

type flagCell struct {
	Name, Label string
	On          bool
}

func showRoles(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	return drawRoles(w, r, d, nil)
}

func drawRoles(w http.ResponseWriter, r *http.Request, d *page.Desk, failed error) error {
	s, err := begin(w, r, d, "Roles", "/admin/settings/roles", failed)
	if err != nil {
		return err
	}
	roles, err := staff.Roles(r.Context(), d.Store.DB)
	if err != nil {
		return err
	}
	p := rolesSheet{Sheet: s}
	for _, role := range roles {
		p.Rows = append(p.Rows, roleRow{role, s.N("%d person", "%d people", role.Staff)})
	}
	return rolesPage.ShowAs(w, r, s.Status, p)
}

// roleOf returns the role that the path names; without an id, a new one.
func roleOf(r *http.Request, d *page.Desk) (staff.Role, error) {
	if r.PathValue("id") == "" {
		return staff.Role{}, nil
	}
	id, err := number(r)
	if err != nil {
		return staff.Role{}, err
	}
	roles, err := staff.Roles(r.Context(), d.Store.DB)
	if err != nil {
		return staff.Role{}, err
	}
	for _, role := range roles {
		if role.ID == id {
			return role, nil
		}
	}
	return staff.Role{}, fault.New(fault.Missing, "This role does not exist.")
}

func showRole(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	return drawRole(w, r, d, nil, nil)
}

func drawRole(w http.ResponseWriter, r *http.Request, d *page.Desk, typed url.Values, failed error) error {
	role, err := roleOf(r, d)
	if err != nil {
		return err
	}
	s, err := begin(w, r, d, "Roles", "/admin/settings/roles", failed)
	if err != nil {
		return err
	}
	rights, err := staff.Rights(r.Context(), d.Store.DB, role.ID)
	if err != nil {
		return err
	}
	if typed != nil {
		if rights, err = readRights(d, typed); err != nil {
			return err
		}
	}
	s.Crumbs = append(s.Crumbs, ui.Item{Label: s.Title, URL: "/admin/settings/roles"})
	p := roleSheet{Sheet: s, Head: role.Name, Action: "/admin/settings/roles", Made: role.ID != 0, Admin: role.Admin, Held: role.Staff}
	if p.Title = role.Name; role.ID == 0 {
		p.Head, p.Title = s.T("New role"), s.T("New role")
	} else {
		p.Action += "/" + itoa(role.ID)
	}
	p.NameInput = p.fill([]Input{{Name: "name", Label: s.T("Name"), Type: "text", Required: true, Max: 60, Value: role.Name}}, typed)[0]
	p.Columns = []string{s.T("See"), s.T("Change"), s.T("Delete"), s.T("Create"), s.T("Export"), s.T("Import")}
	for _, e := range d.Store.Book.Entities {
		p.Rows = append(p.Rows, newRightRow(s.Look, p.Columns, s.T(e.Many), e.Name, rights[e.Name]))
	}
	return rolePage.ShowAs(w, r, s.Status, p)
}

func newRightRow(look *ui.Look, columns []string, label, name string, right record.Right) rightRow {
	row := rightRow{Label: label}
	for i, cell := range []struct {
		word string
		far  record.Level
	}{{"view", right.View}, {"edit", right.Edit}, {"delete", right.Delete}} {
		far := farCell{Name: cell.word + "." + name, Label: label + ": " + columns[i]}
		for n, words := range []string{look.T("None"), look.T("Own"), look.T("Team"), look.T("All")} {
			far.Levels = append(far.Levels, Option{strconv.Itoa(n), words, record.Level(n) == cell.far})
		}
		row.Far = append(row.Far, far)
	}
	row.Flags = []flagCell{{"create." + name, label + ": " + columns[3], right.Create}, {"export." + name, label + ": " + columns[4], right.Export},
		{"import." + name, label + ": " + columns[5], right.Import}}
	return row
}

// readRights reads the matrix. Of what the form does not say, nothing is allowed.
func readRights(d *page.Desk, form url.Values) (map[string]record.Right, error) {
	rights := map[string]record.Right{}
	for _, e := range d.Store.Book.Entities {
		var far [3]record.Level
		for i, word := range []string{"view", "edit", "delete"} {
			s := form.Get(word + "." + e.Name)
			if s == "" {
				continue
			}
			n, err := strconv.Atoi(s)
			if err != nil || n < int(record.None) || n > int(record.All) {
				return nil, fault.New(fault.Invalid, "Please choose one of the list.")
			}
			far[i] = record.Level(n)
		}
		rights[e.Name] = record.Right{View: far[0], Edit: far[1], Delete: far[2], Create: form.Get("create."+e.Name) != "",
			Export: form.Get("export."+e.Name) != "", Import: form.Get("import."+e.Name) != ""}
	}
	return rights, nil
}

func saveRole(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	role, err := roleOf(r, d)
	if err != nil {
		return err
	}
	allowed := []string{"name"}
	for _, e := range d.Store.Book.Entities {
		for _, word := range []string{"view", "edit", "delete", "create", "export", "import"} {
			allowed = append(allowed, word+"."+e.Name)
		}
	}
	form, err := ui.Form(w, r, allowed...)
	if err != nil {
		return err
	}
	rights, err := readRights(d, form)
	if err != nil {
		return err
	}
	if _, err := staff.SaveRole(r.Context(), d.Store, role.ID, form.Get("name"), rights); err != nil {
		return drawRole(w, r, d, form, err)
	}
	return done(w, r, "/admin/settings/roles", "Saved")
}

func deleteRole(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	role, err := roleOf(r, d)
	if err != nil {
		return err
	}
	if err := bare(w, r); err != nil {
		return err
	}
	if err := staff.DeleteRole(r.Context(), d.Store, role.ID); err != nil {
		return drawRoles(w, r, d, err)
	}
	return done(w, r, "/admin/settings/roles", "Deleted")
}
