package pdf

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
)

// encode writes the document as a file.
func (d *Document) encode() ([]byte, error) {
	w := newWriter()
	root, tree := w.reserve(), w.reserve()
	contents := d.contents(w)
	resources := d.resources(w)
	kids := make([]string, len(contents))
	for i, content := range contents {
		kids[i] = w.object(fmt.Sprintf("<</Type/Page/Parent %v/Resources %v/Contents %v>>", tree, resources, content)).String()
	}
	w.fill(tree, fmt.Sprintf("<</Type/Pages/Count %d/MediaBox[0 0 %v %v]/Kids[%s]>>",
		len(kids), pageWidth, pageHeight, strings.Join(kids, " ")))
	w.fill(root, d.catalog(tree))
	info := w.object(d.about())
	return w.finish(root, info), nil
}

// contents writes what is drawn on each page. The footers come last, as only
// now the number of pages is known; the fonts are written after them.
func (d *Document) contents(w *writer) []ref {
	out := make([]ref, len(d.pages))
	for i, p := range d.pages {
		c := canvas{}
		c.Write(p.Bytes())
		d.drawFooter(&c, i)
		out[i] = w.stream("", c.Bytes())
	}
	return out
}

// resources writes the fonts and images, which all pages share.
func (d *Document) resources(w *writer) ref {
	var b strings.Builder
	b.WriteString("<</Font<<")
	for i, f := range d.fonts {
		fmt.Fprintf(&b, "/F%d %v", i+1, w.writeFont(f))
	}
	b.WriteString(">>/XObject<<")
	for i, p := range d.images {
		fmt.Fprintf(&b, "/I%d %v", i+1, w.writeImage(p))
	}
	b.WriteString(">>>>")
	return w.object(b.String())
}

func (d *Document) catalog(tree ref) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<</Type/Catalog/Pages %v", tree)
	if d.info.Language != "" {
		b.WriteString("/Lang" + textString(shorten(d.info.Language, 35)))
	}
	b.WriteString("/ViewerPreferences<</DisplayDocTitle true")
	if d.info.RightToLeft {
		b.WriteString("/Direction/R2L")
	}
	b.WriteString(">>>>")
	return b.String()
}

// about returns the document information.
func (d *Document) about() string {
	b := "<<"
	for _, entry := range [][2]string{{"/Title", d.info.Title}, {"/Author", d.info.Author}} {
		if entry[1] != "" {
			b += entry[0] + textString(shorten(entry[1], maxLabel))
		}
	}
	if !d.info.Created.IsZero() {
		b += "/CreationDate(" + date(d.info.Created) + ")"
	}
	return b + ">>"
}

// date writes a time as PDF has it. It is in UTC, so that the same moment
// gives the same bytes.
func date(t time.Time) string {
	return t.UTC().Format("D:20060102150405") + "Z"
}

func textString(s string) string {
	var b bytes.Buffer
	writeText(&b, s)
	return b.String()
}

// sortedKeys returns the keys of a map in order.
func sortedKeys[K interface{ ~uint32 | ~uint16 }, V any](m map[K]V) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
