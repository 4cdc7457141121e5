package pdf

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/go-text/typesetting/font"
)

// writeFont writes the glyphs of a face that the document uses, how wide they
// are and what they mean.
func (w *writer) writeFont(f *face) ref {
	file := f.subset()
	name := tag(file) + "+" + f.name
	data := w.stream(fmt.Sprintf("/Length1 %d", len(file)), file)
	described := w.object(f.descriptor(name, data))
	descendant := w.object(fmt.Sprintf("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s"+
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"+
		"/FontDescriptor %v/CIDToGIDMap/Identity/DW 1000/W[%s]>>", name, described, f.widths()))
	meanings := w.stream("", f.meanings())
	return w.object(fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H"+
		"/DescendantFonts[%v]/ToUnicode %v>>", name, descendant, meanings))
}

// tag is the six letters that set one subset of a font apart from another.
func tag(file []byte) string {
	sum := sha256.Sum256(file)
	out := make([]byte, 6)
	for i := range out {
		out[i] = 'A' + sum[i]%26
	}
	return string(out)
}

// descriptor describes a font to programs that lay out text themselves.
func (f *face) descriptor(name string, file ref) string {
	head, hhea := f.tabs["head"], f.tabs["hhea"]
	em := func(b []byte) int { return int(float64(int16(be.Uint16(b))) * 1000 / f.upem) }
	const symbolic = 4 // its glyphs are not those of the standard Latin set
	return fmt.Sprintf("<</Type/FontDescriptor/FontName/%s/Flags %d/FontBBox[%d %d %d %d]/ItalicAngle 0"+
		"/Ascent %d/Descent %d/CapHeight 714/StemV 80/FontFile2 %v>>",
		name, symbolic, em(head[36:]), em(head[38:]), em(head[40:]), em(head[42:]),
		em(hhea[4:]), em(hhea[6:]), file)
}

// widths lists the widths of the used glyphs, in thousandths of an em.
func (f *face) widths() string {
	var b strings.Builder
	last, open := -2, false
	for _, g := range sortedKeys(f.used) {
		if int(g) != last+1 {
			if open {
				b.WriteString("]")
			}
			fmt.Fprintf(&b, " %d[", g)
			open = true
		}
		b.Write(append(appendNumber(nil, f.width(g)), ' '))
		last = int(g)
	}
	if open {
		b.WriteString("]")
	}
	return b.String()
}

// meanings is the ToUnicode map of a face.
func (f *face) meanings() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n" +
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n" +
		"/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n" +
		"1 begincodespacerange<0000><FFFF>endcodespacerange\n")
	const most = 100 // entries in one list
	glyphs := sortedKeys(f.means)
	for len(glyphs) > 0 {
		n := min(most, len(glyphs))
		fmt.Fprintf(&b, "%d beginbfchar\n", n)
		for _, g := range glyphs[:n] {
			b.Write(f.meaning(g))
		}
		b.WriteString("endbfchar\n")
		glyphs = glyphs[n:]
	}
	b.WriteString("endcmap CMapName currentdict/CMap defineresource pop end end\n")
	return b.Bytes()
}

func (f *face) meaning(g font.GID) []byte {
	const longest = 200 // UTF-16 units; readers need not take more
	text := utf16.Encode([]rune(f.means[g]))
	out := append(appendHex([]byte("<"), uint16(g)), "><"...)
	for _, v := range text[:min(len(text), longest)] {
		out = appendHex(out, v)
	}
	return append(out, ">\n"...)
}
