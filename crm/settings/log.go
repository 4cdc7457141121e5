package settings

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"rowhouse/crm/page"
	"rowhouse/crm/record"
	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var logPage = ui.Parse[logSheet](files, ui.App, "log.html", "parts.html")

// logSize is how many entries a page of the log shows.
const logSize = 50

type logSheet struct {
	Sheet
	Rows     []logRow
	People   []Option
	Acts     []Option
	First    string // the address of the newest page, or empty: this is it
	Older    string
	Filtered bool
}

// logRow is one entry of the log, in words.
type logRow struct {
	When, Stamp string
	Who         string
	What        string
	Icon        string
	Kind        string // what it was done to: Lead
	Name, URL   string
	Changes     []logChange
	IP          string
	System      bool // nobody of the staff did it
}

type logChange struct{ Field, Old, New string }

func showLog(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	s, err := begin(w, r, d, "Activity log", "/admin/settings/log", nil)
	if err != nil {
		return err
	}
	asked := r.URL.Query()
	who, act := asked.Get("who"), asked.Get("act")
	acts, err := readLog(r.Context(), d.Store.DB, asked.Get("before"), who, act)
	if err != nil {
		return err
	}
	p := logSheet{Sheet: s, Filtered: who != "" || act != "", People: people(s.Look, d, who), Acts: actOptions(s.Look, act)}
	keep := url.Values{}
	for name, v := range map[string]string{"who": who, "act": act} {
		if v != "" {
			keep.Set(name, v)
		}
	}
	if asked.Get("before") != "" {
		p.First = "/admin/settings/log?" + keep.Encode()
	}
	if len(acts) > logSize {
		acts = acts[:logSize]
		keep.Set("before", itoa(acts[logSize-1].ID))
		p.Older = "/admin/settings/log?" + keep.Encode()
	}
	for _, a := range acts {
		p.Rows = append(p.Rows, newLogRow(s.Look, d, a))
	}
	return logPage.Show(w, r, p)
}

// people are those whose entries can be chosen.
func people(look *ui.Look, d *page.Desk, who string) []Option {
	options := []Option{{Value: "", Label: look.T("Everybody"), Chosen: who == ""}}
	for _, p := range d.Store.Book.Staff() {
		options = append(options, Option{itoa(p.ID), p.Name, itoa(p.ID) == who})
	}
	return options
}

// readLog returns one page of the log and one entry more, if there is one.
func readLog(ctx context.Context, db *data.DB, before, who, act string) ([]record.Act, error) {
	from, err := asID(before, 1<<62)
	if err != nil {
		return nil, err
	}
	staff, err := asID(who, 0)
	if err != nil {
		return nil, err
	}
	rows, err := db.Query(ctx, `select id, at, coalesce(staff, 0), act, entity, record, title, changes, ip from activity
		where id < ? and (? = 0 or staff = ?) and (? = '' or act = ?) order by id desc limit ?`, from, staff, staff, act, act, logSize+1)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var acts []record.Act
	for rows.Next() {
		var a record.Act
		var at int64
		if err := rows.Scan(&a.ID, &at, &a.Staff, &a.Act, &a.Entity, &a.Record, &a.Title, &a.Changes, &a.IP); err != nil {
			return nil, err
		}
		a.At = time.UnixMilli(at).UTC()
		acts = append(acts, a)
	}
	return acts, rows.Err()
}

// asID reads an id from the address, or returns otherwise if there is none.
func asID(text string, otherwise int64) (int64, error) {
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n <= 0 {
		return 0, fault.New(fault.Missing, "Nothing is at this address.")
	}
	return n, nil
}

func newLogRow(look *ui.Look, d *page.Desk, a record.Act) logRow {
	row := logRow{When: look.Moment(a.At), Stamp: a.At.Format(time.RFC3339), Name: a.Title, IP: a.IP, Who: look.T("Rowhouse"), System: a.Staff == 0}
	if p, ok := d.Store.Book.Staffer(a.Staff); ok {
		row.Who = p.Name
	} else if a.Staff != 0 {
		row.Who = look.T("Somebody who has left")
	}
	row.What, row.Icon = actWords(look, a.Act)
	row.Changes = changes(look, d, a)
	if e := d.Store.Book.Entity(a.Entity); e != nil {
		row.Kind = look.T(e.One)
		if a.Record != 0 && a.Act != "deleted" {
			row.URL = d.Store.Book.URL(a.Entity, a.Record)
		}
	}
	if a.Entity == "staff" && a.Record != 0 {
		switch a.Act {
		case "role changed":
			row.URL = "/admin/settings/roles/" + itoa(a.Record)
		case "role deleted", "login failed":
		default:
			row.URL = "/admin/staff/" + itoa(a.Record)
		}
	}
	return row
}

// longest is how many characters of a value the log shows.
const longest = 160

// changes are what an entry says about fields, by their labels.
func changes(look *ui.Look, d *page.Desk, a record.Act) []logChange {
	var kept record.Changes
	if a.Changes == "" || json.Unmarshal([]byte(a.Changes), &kept) != nil {
		return nil
	}
	var list []logChange
	for _, name := range slices.Sorted(maps.Keys(kept)) {
		list = append(list, logChange{label(look, d, a.Entity, name), cut(kept[name][0]), cut(kept[name][1])})
	}
	return list
}

func cut(s string) string {
	r := []rune(s)
	switch {
	case len(r) == 0:
		return "–"
	case len(r) > longest:
		return string(r[:longest]) + "…"
	}
	return s
}

// label is the name of a field or of a setting.
func label(look *ui.Look, d *page.Desk, name, field string) string {
	if e := d.Store.Book.Entity(name); e != nil {
		if f, ok := e.Field(field); ok && f.Custom {
			return f.Label
		} else if ok {
			return look.T(f.Label)
		}
	}
	if name == "setting" {
		return settingName(look, field)
	}
	return field
}
