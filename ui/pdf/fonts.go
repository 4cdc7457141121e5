package pdf

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"sync"

	"github.com/go-text/typesetting/font"
)

//go:embed fonts/*.ttf.gz fonts/LICENCES
var files embed.FS

// typeface is one embedded font, parsed when it is first needed. It is shared
// by all documents and never changes.
type typeface struct {
	name string
	tabs map[string][]byte // the tables of the file
	font *font.Font
	upem float64
}

// families are the fonts in order of preference: a character is drawn with the
// first one that has it. The last has no bold weight and is thickened instead.
var families = []string{
	"NotoSans", "NotoSansArabic", "NotoSansHebrew", "NotoSansDevanagari",
	"NotoSansGeorgian", "NotoSansArmenian", "DejaVuSans",
}

// typefaces are the loaders of the regular and of the bold fonts.
var typefaces = [2][]func() *typeface{loaders("-Regular"), loaders("-SemiBold")}

func loaders(weight string) []func() *typeface {
	out := make([]func() *typeface, len(families))
	for i, family := range families {
		name := family + weight
		if family == "DejaVuSans" {
			name = family
		}
		out[i] = sync.OnceValue(func() *typeface { return load(name) })
	}
	return out
}

// load parses an embedded font. The fonts are part of the program, so one that
// does not parse is a broken build; the tests load every one.
func load(name string) *typeface {
	t, err := parse(name)
	if err != nil {
		panic(fmt.Sprintf("pdf: the font %s: %v", name, err))
	}
	return t
}

func parse(name string) (*typeface, error) {
	packed, err := files.ReadFile("fonts/" + name + ".ttf.gz")
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	parsed, err := font.ParseTTF(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	tabs, err := tables(raw)
	if err != nil {
		return nil, err
	}
	return &typeface{name: name, tabs: tabs, font: parsed.Font, upem: float64(parsed.Upem())}, nil
}

// face is a font as one document uses it: which glyphs, and what they say.
type face struct {
	load func() *typeface
	*typeface
	shape *font.Face
	thick bool // bold by a stroke around the glyphs
	id    int  // its number among the fonts of the document, 0 while unused
	used  map[font.GID]bool
	means map[font.GID]string
}

func newFaces() (out [2][]*face) {
	for weight, all := range typefaces {
		for i, load := range all {
			last := i == len(all)-1
			out[weight] = append(out[weight], &face{load: load, thick: last && weight == 1})
		}
	}
	return out
}

// open loads the font behind a face.
func (f *face) open() *face {
	if f.typeface == nil {
		f.typeface = f.load()
		f.shape = font.NewFace(f.font)
		f.used = make(map[font.GID]bool)
		f.means = make(map[font.GID]string)
	}
	return f
}

// has reports whether the face can draw a rune.
func (f *face) has(r rune) bool {
	_, ok := f.open().shape.NominalGlyph(r)
	return ok
}

// use notes that a face is in the document and returns its number, from 1 on.
func (d *Document) use(f *face) int {
	if f.id == 0 {
		d.fonts = append(d.fonts, f)
		f.id = len(d.fonts)
	}
	return f.id
}
