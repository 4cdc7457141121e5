package pdf

// Text adds a paragraph over the full width. Newlines are kept; of more than
// 20,000 characters the rest is cut off, which an ellipsis shows.
func (d *Document) Text(text string, style Style) {
	var s stack
	s.add(d, d.lines(clean(text, maxText), style, textWidth), 0, textWidth)
	d.flow(s)
}

// Gap leaves points of space. At the end of a page it is not carried over to
// the next one.
func (d *Document) Gap(points float64) {
	if points > 0 {
		d.y = min(d.y+points, d.bottom)
	}
}

// Rule draws a thin line over the full width, with a little space around it.
func (d *Document) Rule() {
	const around = 6
	d.flow(stack{{height: 2 * around, rules: []stroke{{0, around, textWidth, 0.5, ruleFair}}}})
}
