package entity

import (
	"encoding/json"
	"strings"
	"unicode"

	"rowhouse/data/fault"
	"rowhouse/ui"
	"rowhouse/ui/mail"
)

// Entry is one of several e-mail addresses or telephone numbers. The first is the one to use.
type Entry struct {
	Value string `json:"value"`
	Label string `json:"label,omitempty"`
}

// maxEntries bounds how many addresses a record may have.
const maxEntries = 10

// entries is shared by the kinds that keep several addresses as JSON.
type entries struct{}

func (entries) Columns() []Column { return []Column{{"", "text not null default '[]'"}} }

func (entries) Store(v any) []any {
	list, _ := v.([]Entry)
	if len(list) == 0 {
		return []any{"[]"}
	}
	b, err := json.Marshal(list)
	if err != nil {
		return []any{"[]"}
	}
	return []any{string(b)}
}

func (entries) Scan(kept []any) any {
	var list []Entry
	s := text(kept[0])
	if value, ok := single(s); ok {
		return []Entry{{Value: value}}
	}
	if s == "" || s == "[]" || json.Unmarshal([]byte(s), &list) != nil {
		return []Entry(nil)
	}
	return list
}

// single reads the one address without a label that most records have, without the cost of reading JSON.
func single(s string) (string, bool) {
	s, begins := strings.CutPrefix(s, `[{"value":"`)
	s, ends := strings.CutSuffix(s, `"}]`)
	return s, begins && ends && !strings.ContainsAny(s, `"\\`)
}

func (entries) In(v any, _ *Draw) []string {
	var in []string
	list, _ := v.([]Entry)
	for _, e := range list {
		in = append(in, e.Value)
	}
	return in
}

func (e entries) Text(v any, d *Draw) string { return strings.Join(e.In(v, d), ", ") }
func (entries) Class() Class                 { return Words }

func cellEntries(h *ui.HTML, v any, scheme string) {
	list, _ := v.([]Entry)
	if len(list) == 0 {
		return
	}
	h.Tag(`<a dir="ltr" href="`).Text(scheme + list[0].Value).Tag(`">`).Text(list[0].Value).Tag(`</a>`)
	if len(list) > 1 {
		h.Tag(` <span class="more">+`).Int(int64(len(list) - 1)).Tag(`</span>`)
	}
}

// inputEntries draws a row for each address, an empty one if there is none; a script adds and removes rows.
func inputEntries(h *ui.HTML, f Field, in []string, d *Draw, kind string) {
	if len(in) == 0 {
		in = []string{""}
	}
	h.Tag(`<div class="rows" data-controller="rows">`)
	for i, value := range in {
		entryRow(h, f, d, kind, value, i == 0)
	}
	h.Tag(`<template data-rows-target="template">`)
	entryRow(h, f, d, kind, "", false)
	h.Tag(`</template><button type="button" class="btn js" data-action="rows#add">`).Icon("plus").Text(d.T("Add another")).Tag(`</button></div>`)
}

func entryRow(h *ui.HTML, f Field, d *Draw, kind, value string, first bool) {
	h.Tag(`<div class="inline" data-rows-target="row"><input type="`).Text(kind).Tag(`" name="`).Text(f.Name).Tag(`[]" maxlength="254" value="`).Text(value).Tag(`"`)
	if first {
		h.Tag(` id="f-`).Text(f.Name).Tag(`"`)
	} else {
		h.Tag(` aria-label="`).Text(f.Label).Tag(`"`)
	}
	h.Tag(`><button type="button" class="btn ic js" data-action="rows#remove" aria-label="`).Text(d.T("Remove")).Tag(`">`).Icon("x").Tag(`</button></div>`)
}

// Emails is several e-mail addresses.
type Emails struct{ entries }

// Word names the kind.
func (Emails) Word() string { return "emails" }

// Parse takes addresses, one a value or several with commas between.
func (Emails) Parse(in []string, _ *Env) (any, error) {
	return parseEntries(in, mail.Address)
}

// Cell draws the first address.
func (Emails) Cell(h *ui.HTML, v any, _ *Draw) { cellEntries(h, v, "mailto:") }

// Input asks for the addresses.
func (Emails) Input(h *ui.HTML, f Field, in []string, d *Draw) { inputEntries(h, f, in, d, "email") }

// Phones is several telephone numbers, kept as they were typed.
type Phones struct{ entries }

// Word names the kind.
func (Phones) Word() string { return "phones" }

// Parse takes numbers.
func (Phones) Parse(in []string, _ *Env) (any, error) {
	return parseEntries(in, func(s string) (string, error) {
		digits := Digits(s)
		if len(digits) < 3 || len(digits) > 18 || strings.Trim(s, "+0123456789 ()-./x#*") != "" {
			return "", fault.New(fault.Invalid, "Please enter a telephone number like +49 30 1234567.")
		}
		return s, nil
	})
}

// Cell draws the first number.
func (Phones) Cell(h *ui.HTML, v any, _ *Draw) { cellEntries(h, v, "tel:") }

// Input asks for the numbers.
func (Phones) Input(h *ui.HTML, f Field, in []string, d *Draw) { inputEntries(h, f, in, d, "tel") }

// Digits are the digits of a telephone number, without a leading 00 or 0.
func Digits(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) && r < 128 {
			return r
		}
		return -1
	}, s)
	return strings.TrimLeft(s, "0")
}

func parseEntries(in []string, check func(string) (string, error)) (any, error) {
	var list []Entry
	seen := map[string]bool{}
	for _, cell := range in {
		for _, s := range strings.FieldsFunc(cell, func(r rune) bool { return r == ',' || r == ';' || r == '\n' }) {
			if s = strings.TrimSpace(s); s == "" {
				continue
			}
			value, err := check(s)
			if err != nil {
				return nil, err
			}
			if !seen[strings.ToLower(value)] {
				seen[strings.ToLower(value)] = true
				list = append(list, Entry{Value: value})
			}
		}
	}
	if len(list) > maxEntries {
		return nil, fault.New(fault.Invalid, "Please enter at most %d.", maxEntries)
	}
	return list, nil
}
