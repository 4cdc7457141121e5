package entity

import (
	"strings"
	"time"

	"rowhouse/data/fault"
	"rowhouse/ui"
)

// Date is a day, kept as 2026-11-22. Next colours days that have passed: it is a day something is to be done.
type Date struct {
	plainText
	Next bool
}

// Word names the kind.
func (Date) Word() string { return "date" }

// Parse takes a day as browsers send it, and as people write it in files.
func (Date) Parse(in []string, _ *Env) (any, error) {
	s, err := one(in)
	if s = strings.TrimSpace(s); err != nil || s == "" {
		return "", err
	}
	for _, layout := range []string{time.DateOnly, "02.01.2006", "2.1.2006", "01/02/2006", time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1900 && t.Year() <= 2200 {
			return t.Format(time.DateOnly), nil
		}
	}
	return nil, fault.New(fault.Invalid, "Please enter a day like 2026-11-22.")
}

// Cell draws the day; one that is to be done is amber when near and red when it has passed.
func (k Date) Cell(h *ui.HTML, v any, d *Draw) {
	s := text(v)
	if s == "" {
		return
	}
	h.Tag(`<span class="due num`)
	if k.Next {
		h.Text(nearness(s, d))
	}
	h.Tag(`">`).Text(d.Day(s)).Tag(`</span>`)
}

func nearness(day string, d *Draw) string {
	today := d.Now.In(d.Zone)
	switch {
	case day < today.Format(time.DateOnly):
		return " late"
	case day <= today.AddDate(0, 0, 2).Format(time.DateOnly):
		return " soon"
	}
	return ""
}

// Input asks for the day with the browser's own calendar.
func (Date) Input(h *ui.HTML, f Field, in []string, _ *Draw) {
	input(h, f, "date").Tag(` value="`).Text(first(in)).Tag(`">`)
}

// Class says that it is a day.
func (Date) Class() Class { return Day }

// Moment is a point in time, kept as unix milliseconds and shown in the reader's zone.
type Moment struct{ plainInt }

// Word names the kind.
func (Moment) Word() string { return "moment" }

// Parse takes a point in time in the zone of who types it. Parts of a second are dropped: no form shows them.
func (Moment) Parse(in []string, env *Env) (any, error) {
	s, err := one(in)
	if s = strings.TrimSpace(s); err != nil || s == "" {
		return nil, err
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04", time.DateTime, time.DateOnly} {
		if t, err := time.ParseInLocation(layout, s, env.zone()); err == nil && t.Year() >= 1900 && t.Year() <= 2200 {
			return t.Unix() * 1000, nil
		}
	}
	return nil, fault.New(fault.Invalid, "Please enter a day and time like 2026-11-22 14:30.")
}

// In shows the time as an input takes it.
func (Moment) In(v any, d *Draw) []string {
	n, ok := whole(v)
	if !ok {
		return nil
	}
	t := time.UnixMilli(n).In((&Env{Look: d.Look}).zone())
	if t.Second() != 0 {
		return []string{t.Format("2006-01-02T15:04:05")}
	}
	return []string{t.Format("2006-01-02T15:04")}
}

// Text shows the time in UTC.
func (Moment) Text(v any, _ *Draw) string {
	if n, ok := whole(v); ok {
		return time.UnixMilli(n).UTC().Format(time.RFC3339)
	}
	return ""
}

// Cell draws the day; programs find the time in its attribute.
func (Moment) Cell(h *ui.HTML, v any, d *Draw) {
	if n, ok := whole(v); ok {
		t := time.UnixMilli(n).In(d.Zone)
		h.Tag(`<time class="num" datetime="`).Text(t.Format(time.RFC3339)).Tag(`">`).Text(d.DayOf(t)).Tag(`</time>`)
	}
}

// Input asks for day and time.
func (Moment) Input(h *ui.HTML, f Field, in []string, _ *Draw) {
	input(h, f, "datetime-local").Tag(` value="`).Text(first(in)).Tag(`">`)
}

// Class says that it is a time.
func (Moment) Class() Class { return Time }
