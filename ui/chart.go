package ui

import "html/template"

// Bar is one bar of a chart: Text says it in words, Label stands below it.
type Bar struct {
	Label, Text string
	Value       int64
	Dim         bool // drawn pale: it is not over yet
}

// Bars draws a chart of bars. It needs no script, and each bar says what it is when pointed at or read aloud.
func Bars(label string, bars []Bar) template.HTML {
	const width, height, gap, foot = 600, 132, 6, 18
	most := int64(1)
	for _, b := range bars {
		most = max(most, b.Value)
	}
	var h HTML
	h.Tag(`<svg class="bars" role="img" viewBox="0 0 600 150" aria-label="`).Text(label).Tag(`">`)
	step := int64(width / max(len(bars), 1))
	for i, b := range bars {
		tall, left := max(max(b.Value, 0)*(height-14)/most, 1), int64(i)*step
		h.Tag(`<g><title>`).Text(b.Text).Tag(`</title><rect rx="2" x="`).Int(left + gap/2).Tag(`" y="`).Int(height - tall).Tag(`" width="`).Int(step - gap).Tag(`" height="`).Int(tall)
		if b.Dim {
			h.Tag(`" class="dim`)
		}
		h.Tag(`"/>`)
		if b.Label != "" {
			h.Tag(`<text x="`).Int(left + step/2).Tag(`" y="`).Int(height + foot - 4).Tag(`">`).Text(b.Label).Tag(`</text>`)
		}
		h.Tag(`</g>`)
	}
	return h.Tag(`</svg>`).String()
}
