package pdf

import (
	"bytes"
	"math"
	"strconv"
	"unicode/utf16"
)

// canvas collects the drawing operators of a page. It takes lengths from the
// top of the page, as text is laid out, and writes them from the bottom, as
// PDF has them.
type canvas struct{ bytes.Buffer }

// num writes numbers with at most three decimals, each followed by a space.
func (c *canvas) num(values ...float64) {
	for _, v := range values {
		c.Write(appendNumber(c.AvailableBuffer(), v))
		c.WriteByte(' ')
	}
}

func appendNumber(b []byte, v float64) []byte {
	v = math.Round(v*1000) / 1000
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return append(b, '0')
	}
	return strconv.AppendFloat(b, v, 'f', -1, 64)
}

// rule draws a horizontal line.
func (c *canvas) rule(x, y, width, thickness, ink float64) {
	c.num(ink)
	c.WriteString("G ")
	c.num(thickness)
	c.WriteString("w ")
	c.num(x, pageHeight-y)
	c.WriteString("m ")
	c.num(x+width, pageHeight-y)
	c.WriteString("l S\n")
}

// text draws a line of text whose baseline begins at x, y.
func (d *Document) text(c *canvas, l line, x, y float64) {
	if len(l.runs) == 0 {
		return
	}
	size, ink := l.style.size(), l.style.ink()
	c.WriteString("BT ")
	c.num(ink)
	c.WriteString("g\n")
	for _, r := range l.runs {
		c.WriteString("/F" + strconv.Itoa(d.use(r.face)) + " ")
		c.num(size)
		c.WriteString("Tf ")
		if r.face.thick {
			c.num(ink)
			c.WriteString("G ")
			c.num(size * 0.04)
			c.WriteString("w 2 Tr ")
		}
		c.WriteString("1 0 0 1 ")
		c.num(x, pageHeight-y)
		c.WriteString("Tm ")
		p := pen{c: c, face: r.face, size: size}
		for _, k := range r.clusters {
			p.cluster(k, l.text[k.start:k.end])
			x += k.width * size
		}
		p.end()
		if r.face.thick {
			c.WriteString("0 Tr\n")
		}
	}
	c.WriteString("ET\n")
}

func appendHex(b []byte, v uint16) []byte {
	const digits = "0123456789ABCDEF"
	return append(b, digits[v>>12], digits[v>>8&15], digits[v>>4&15], digits[v&15])
}

// writeText writes a text string as PDF has them outside of content.
func writeText(w interface{ Write([]byte) (int, error) }, s string) {
	b := []byte("<FEFF")
	for _, v := range utf16.Encode([]rune(s)) {
		b = appendHex(b, v)
	}
	_, _ = w.Write(append(b, '>'))
}
