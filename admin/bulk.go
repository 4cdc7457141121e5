package admin

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rowhouse/crm/record"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

// bulkActs are what can be done with many tenants at once, as their own acts do it with one.
var bulkActs = []string{"suspension", "resumption", "maintenance", "maintenance-end", "trial", "backup"}

// bulkOptions are those that the operator may choose.
func (p *Panel) bulkOptions(r *http.Request, look *ui.Look) []option {
	var list []option
	for _, key := range bulkActs {
		if a := p.actOf(key); may(r, a.right) == nil {
			list = append(list, option{Value: key, Label: look.T(a.Label)})
		}
	}
	return list
}

// bulk does one act with every tenant that was ticked. One that refuses does not stop the others, and is named.
func (p *Panel) bulk(w http.ResponseWriter, r *http.Request) error {
	form, err := ui.Form(w, r, "tenant[]", "act", "days", "note", "back")
	if err != nil {
		return err
	}
	a, look := p.actOf(form.Get("act")), ui.LookOf(r)
	if !slices.Contains(bulkActs, a.key) {
		return fault.New(fault.Invalid, "Please choose one of the list.")
	}
	if err := may(r, a.right); err != nil {
		return err
	}
	names := form["tenant[]"]
	if len(names) > pageSize {
		names = names[:pageSize]
	}
	done, refused := 0, []string{}
	for _, name := range names {
		err := p.bulkOne(r, a, name, form)
		if f := fault.Of(err); err != nil && f.Kind == fault.Ours {
			return err
		} else if err != nil {
			refused = append(refused, name+": "+look.T(f.Format, f.Args...))
			continue
		}
		done++
	}
	said := look.N("Done with %d tenant.", "Done with %d tenants.", done)
	if len(refused) > 0 {
		said += " " + look.T("Not with: %s", strings.Join(refused[:min(len(refused), 5)], " "))
	}
	ui.Say(w, said, "")
	return ui.Back(w, r, ui.LocalPath("/admin/tenants?"+form.Get("back"), "/admin/tenants"))
}

func (p *Panel) bulkOne(r *http.Request, a tenantAct, name string, form url.Values) error {
	r = r.Clone(r.Context())
	r.SetPathValue("name", name)
	st, err := p.standing(r)
	if err != nil {
		return err
	}
	if !a.fits(st) {
		return fault.New(fault.Conflict, "does not fit where it stands.")
	}
	_, _, err = a.do(p, r, st, form)
	return err
}

// exportTenants writes the list as a table for spreadsheets.
func (p *Panel) exportTenants(w http.ResponseWriter, r *http.Request) error {
	wish := wishOf(r.URL.Query())
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="tenants.csv"`)
	out := csv.NewWriter(w)
	if err := out.Write([]string{"address", "company", "owner", "state", "plan", "holds", "overdue", "created", "last there", "active people", "version"}); err != nil {
		return err
	}
	for {
		list, err := p.tenantRows(r.Context(), wish, 1000)
		if err != nil {
			return err
		}
		for _, l := range list {
			seen := ""
			if !l.Seen.IsZero() {
				seen = l.Seen.Format("2006-01-02 15:04:05")
			}
			row := []string{l.Name, record.Cell(l.Company), record.Cell(l.OwnerEmail), string(l.State), record.Cell(l.Limits.Plan), l.Reasons, strconv.FormatBool(l.Late),
				l.Created.Format("2006-01-02 15:04:05"), seen, strconv.FormatInt(l.People, 10), strconv.FormatInt(l.Version, 10)}
			if err := out.Write(row); err != nil {
				return err
			}
		}
		if len(list) < 1000 {
			break
		}
		wish.After = list[len(list)-1].place
	}
	out.Flush()
	return out.Error()
}
