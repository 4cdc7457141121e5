package billing

import "time"

// Day is a day of the calendar in the host's time zone, counted from 1 January 1970. Periods, due days and steps are days,
// so that no change of clocks or zone moves an amount.
type Day int64

// DayOf is the day on which a moment falls in a zone.
func DayOf(t time.Time, zone *time.Location) Day {
	y, m, d := t.In(zone).Date()
	return day(y, m, d)
}

func day(y int, m time.Month, d int) Day {
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// Time is midnight of the day in UTC, for writing it.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// In is the moment at which the day begins in a zone.
func (d Day) In(zone *time.Location) time.Time {
	y, m, day := d.Time().Date()
	return time.Date(y, m, day, 0, 0, 0, 0, zone)
}

// Of is the day of its month, 1 to 31.
func (d Day) Of() int { return d.Time().Day() }

// Next is the day one interval (month or year) later. It falls on the anchor, a day of the month, or on the month's last day
// if that comes first: 31 January is followed by 28 February and that by 31 March.
func (d Day) Next(interval string, anchor int) Day {
	y, m, _ := d.Time().Date()
	if interval == "year" {
		y++
	} else {
		m++
	}
	last := time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return day(y, m, min(anchor, last))
}

// String is the day as 2026-11-22.
func (d Day) String() string { return d.Time().Format(time.DateOnly) }
