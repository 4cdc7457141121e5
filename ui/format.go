package ui

import (
	"strconv"
	"strings"
	"time"

	"github.com/go-playground/locales"
	"github.com/go-playground/locales/de"
	"github.com/go-playground/locales/en"

	"rowhouse/data/money"
)

func localeOf(tag string) locales.Translator {
	switch tag {
	case "de":
		return german
	}
	return english
}

var english, german = en.New(), de.New()

// Date says a day as the reader's language does: Nov 22, 2026.
func (l *Look) Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return localeOf(l.Tag).FmtDateMedium(t)
}

// Day says a day that is kept as 2026-11-22. What is no day is said as it stands.
func (l *Look) Day(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return l.DayOf(t)
}

// DayOf says the day of a time that is in the reader's zone already, without the year if it is this one.
func (l *Look) DayOf(t time.Time) string {
	if t.Year() == l.Now.In(l.Zone).Year() {
		return l.ShortDay(t)
	}
	return l.Date(t)
}

// ShortDay says a day without its year.
func (l *Look) ShortDay(t time.Time) string {
	if l.Tag == "en" {
		return t.Format("Jan 2")
	}
	loc := localeOf(l.Tag)
	return strconv.Itoa(t.Day()) + ". " + loc.MonthAbbreviated(t.Month())
}

// Moment says a point in time, in the reader's zone.
func (l *Look) Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(l.Zone)
	return l.Day(t.Format(time.DateOnly)) + ", " + t.Format("15:04")
}

// Ago says how long ago something was, shortly: 35m, 2h, 1d, Nov 8.
func (l *Look) Ago(t time.Time) string {
	d := l.Now.Sub(t)
	switch {
	case d < time.Minute:
		return l.T("now")
	case d < time.Hour:
		return l.T("%dm", int(d.Minutes()))
	case d < 24*time.Hour:
		return l.T("%dh", int(d.Hours()))
	case d < 7*24*time.Hour:
		return l.T("%dd", int(d.Hours()/24))
	}
	return l.Day(t.In(l.Zone).Format(time.DateOnly))
}

// Number says a whole number with the marks of the language.
func (l *Look) Number(n int64) string {
	mark := ","
	if l.Tag == "de" {
		mark = "."
	}
	return group(strconv.FormatInt(n, 10), mark)
}

// Percent says a share in tenths of a percent.
func (l *Look) Percent(tenths int64) string {
	point, end := ".", "%"
	if l.Tag == "de" {
		point, end = ",", " %"
	}
	if tenths%10 == 0 {
		return l.Number(tenths/10) + end
	}
	return l.Number(tenths/10) + point + strconv.FormatInt(tenths%10, 10) + end
}

// Money says an amount in minor units, with the currency's sign or code.
func (l *Look) Money(minor int64, currency string) string {
	digits := money.Exponent(currency)
	sign := ""
	if minor < 0 {
		sign, minor = "−", -minor
	}
	s := strconv.FormatInt(minor, 10)
	for len(s) <= digits {
		s = "0" + s
	}
	mark, point := ",", "."
	if l.Tag == "de" {
		mark, point = ".", ","
	}
	whole, rest := group(s[:len(s)-digits], mark), s[len(s)-digits:]
	if strings.Trim(rest, "0") != "" {
		whole += point + rest
	}
	if symbol := symbols[currency]; symbol != "" && l.Tag != "de" {
		return sign + symbol + whole
	} else if symbol != "" {
		return sign + whole + " " + symbol
	}
	return sign + whole + " " + currency
}

var symbols = map[string]string{"EUR": "€", "USD": "$", "GBP": "£", "INR": "₹", "JPY": "¥"}

func group(digits, mark string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + mark + digits[i:]
	}
	return sign + digits
}

// Size says a number of bytes: 1.8 GB.
func (l *Look) Size(n int64) string {
	const unit = 1024
	if n < unit {
		return strconv.FormatInt(n, 10) + " B"
	}
	f, names := float64(n)/unit, []string{"KB", "MB", "GB", "TB"}
	i := 0
	for f >= unit && i < len(names)-1 {
		f /= unit
		i++
	}
	if f >= 10 || f == float64(int64(f)) {
		return strconv.FormatFloat(f, 'f', 0, 64) + " " + names[i]
	}
	return strconv.FormatFloat(f, 'f', 1, 64) + " " + names[i]
}
