// Package pdf makes documents: text in any script, tables, lines, pages.
//
// A document is written from top to bottom: each call adds something below what
// was there before, and a new page begins by itself when one is full. All
// lengths are points (1/72 inch); the page is A4. "Start" and "end" are left
// and right, or right and left when the document is right-to-left.
//
// The fonts are inside the program: Latin, Greek, Cyrillic, Arabic, Hebrew,
// Devanagari, Georgian, Armenian and many signs. A character in none of them
// is drawn as an empty box. Only the glyphs that a document shows go into it,
// and its text can be searched and copied.
//
// Text of mixed directions follows the Unicode rules, which turn a number such
// as 2026-0042 around within an Arabic sentence: put it between U+2066 and
// U+2069, an isolate, to keep its order. On its own it needs none.
//
// The same calls give the same bytes. A Document is for one goroutine.
package pdf

import (
	"errors"
	"io"
	"time"

	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
)

// Limits keep a document made from foreign data within memory and time.
const (
	maxText  = 20000 // runes of one paragraph; the rest becomes "…"
	maxCell  = 4000  // runes of one table cell or one fact
	maxLabel = 1000  // runes of a footer column or of a field of Info
	maxPages = 2000
)

// ErrTooLong is returned for a document of more than 2,000 pages.
var ErrTooLong = errors.New("pdf: more than 2000 pages")

// Info says what a document is. The zero value is a left-to-right document
// without a title.
type Info struct {
	Title    string
	Author   string
	Language string // BCP 47, for example "de" or "ar-EG"

	// RightToLeft mirrors the layout: columns, tables and alignment.
	RightToLeft bool

	// Created is the date that the document says it was made on; a document
	// without one says nothing.
	Created time.Time

	// Footer is shown small at the bottom of each page, one string a column,
	// its lines parted by newlines.
	Footer []string
}

// Document is a document being written. Make one with New.
type Document struct {
	info   Info
	lang   language.Language
	shaper shaping.HarfbuzzShaper
	faces  [2][]*face // regular and bold, in order of preference
	fonts  []*face    // those used, in order of first use
	images []*picture
	pages  []*page
	y      float64 // where the next thing goes, from the top of the page
	bottom float64 // where the room for text ends
	footer [][]line
	err    error
}

// New begins a document.
func New(info Info) *Document {
	d := &Document{info: info, lang: language.NewLanguage(shorten(info.Language, 35))}
	d.faces = newFaces()
	d.footer = d.footerLines()
	d.bottom = pageHeight - marginBottom - footerHeight(d.footer)
	d.newPage()
	return d
}

// Bytes returns the document as a PDF 1.7 file. It may be called more than
// once, also between additions. It returns the first error of what was added.
func (d *Document) Bytes() ([]byte, error) {
	if d.err != nil {
		return nil, d.err
	}
	return d.encode()
}

// WriteTo writes the document to w as a PDF 1.7 file.
func (d *Document) WriteTo(w io.Writer) (int64, error) {
	b, err := d.Bytes()
	if err != nil {
		return 0, err
	}
	n, err := w.Write(b)
	return int64(n), err
}
