package billing

import "time"

// MustDay reads a day written as 2026-11-22. It is for constants: another text stops the program.
func MustDay(s string) Day {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return Day(t.Unix() / 86400)
}
