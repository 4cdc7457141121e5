package pdf_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"rowhouse/ui/pdf"
)

func bytesOf(t testing.TB, d *pdf.Document) []byte {
	t.Helper()
	b, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var streams = regexp.MustCompile(`(?s)/Length (\d+)>>\nstream\n`)

// unpacked returns a file with what its streams hold, one after the other.
func unpacked(t testing.TB, file []byte) (all [][]byte) {
	t.Helper()
	for _, at := range streams.FindAllSubmatchIndex(file, -1) {
		n, _ := strconv.Atoi(string(file[at[2]:at[3]]))
		r, err := zlib.NewReader(bytes.NewReader(file[at[1] : at[1]+n]))
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
	return all
}

func TestEveryObjectIsWhereTheTableSays(t *testing.T) {
	b := bytesOf(t, invoice(t, latin(t)))
	tail := regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`).FindSubmatch(b)
	if tail == nil {
		t.Fatal("no startxref")
	}
	start, _ := strconv.Atoi(string(tail[1]))
	rows := regexp.MustCompile(`(\d{10}) 00000 n \n`).FindAllSubmatch(b[start:], -1)
	if len(rows) < 10 || !bytes.HasPrefix(b[start:], []byte(fmt.Sprintf("xref\n0 %d\n", len(rows)+1))) {
		t.Fatalf("%d objects, %q", len(rows), b[start:start+20])
	}
	for i, row := range rows {
		at, _ := strconv.Atoi(string(row[1]))
		if want := fmt.Sprintf("%d 0 obj\n", i+1); !bytes.HasPrefix(b[at:], []byte(want)) {
			t.Errorf("object %d is not at %d", i+1, at)
		}
	}
}

func TestTheSameCallsGiveTheSameBytes(t *testing.T) {
	for _, make := range []func(testing.TB) bill{latin, arabic} {
		d := invoice(t, make(t))
		first := bytesOf(t, d)
		if !bytes.Equal(first, bytesOf(t, d)) {
			t.Error("the second writing of a document differs")
		}
		if !bytes.Equal(first, bytesOf(t, invoice(t, make(t)))) {
			t.Error("the same document made again differs")
		}
	}
}

func TestAnInvoiceIsSmall(t *testing.T) {
	for _, b := range []bill{latin(t), arabic(t)} {
		if n := len(bytesOf(t, invoice(t, b))); n > 60<<10 {
			t.Errorf("%s: %d bytes", b.info.Title, n)
		}
	}
}

func TestTheFileSaysWhatItIs(t *testing.T) {
	at := time.Date(2026, 3, 14, 10, 30, 0, 0, time.FixedZone("", 3600))
	d := pdf.New(pdf.Info{Title: "Ä", Author: "B", Language: "ar", RightToLeft: true, Created: at})
	b := string(bytesOf(t, d))
	for _, want := range []string{
		"/Title<FEFF00C4>", "/Author<FEFF0042>", "/Lang<FEFF00610072>", "/Direction/R2L", "/CreationDate(D:20260314093000Z)",
	} {
		if !strings.Contains(b, want) {
			t.Errorf("no %s", want)
		}
	}
	if b := bytesOf(t, pdf.New(pdf.Info{})); bytes.Contains(b, []byte("CreationDate")) || bytes.Contains(b, []byte("R2L")) {
		t.Error("a document without these says them")
	}
}

func TestRightToLeftMirrorsTheLayout(t *testing.T) {
	place := regexp.MustCompile(`1 0 0 1 ([\d.]+) [\d.]+ Tm`)
	at := func(right bool) float64 {
		d := pdf.New(pdf.Info{RightToLeft: right})
		d.Table([]pdf.Column{{}, {}}, pdf.Row{Cells: []string{"1"}})
		x, _ := strconv.ParseFloat(string(place.FindSubmatch(unpacked(t, bytesOf(t, d))[0])[1]), 64)
		return x
	}
	if left, right := at(false), at(true); left > 70 || right < 500 {
		t.Errorf("the first cell is at %v, mirrored at %v", left, right)
	}
}

func TestARowStaysOnOnePage(t *testing.T) {
	d := pdf.New(pdf.Info{})
	d.Gap(600)
	d.Table([]pdf.Column{{}}, pdf.Row{Cells: []string{strings.Repeat("line\n", 9) + "line"}})
	pages := unpacked(t, bytesOf(t, d))
	if a, b := bytes.Count(pages[0], []byte("Tm")), bytes.Count(pages[1], []byte("Tm")); a != 1 || b != 11 {
		t.Errorf("%d texts on the first page and %d on the second, with the page number", a, b)
	}
}

func TestARowTallerThanAPageGoesOnOnTheNext(t *testing.T) {
	d := pdf.New(pdf.Info{})
	d.Table([]pdf.Column{{Title: "T"}}, pdf.Row{Cells: []string{strings.Repeat("x\n", 120) + "x"}})
	b := bytesOf(t, d)
	if n := bytes.Count(b, []byte("/Type/Page/")); n != 3 {
		t.Errorf("%d pages", n)
	}
}

func TestAnImageIsBounded(t *testing.T) {
	d := pdf.New(pdf.Info{})
	before := bytesOf(t, d)
	for _, bad := range [][]byte{nil, []byte("GIF89a"), []byte("\x89PNG\r\n\x1a\n")} {
		if err := d.Image(bad); !errors.Is(err, pdf.ErrImage) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if !bytes.Equal(before, bytesOf(t, d)) {
		t.Error("a bad image changed the document")
	}
	if err := d.Image(logo(t)); err != nil {
		t.Fatal(err)
	}
	if b := bytesOf(t, d); !bytes.Contains(b, []byte("/SMask")) || !bytes.Contains(unpacked(t, b)[0], []byte("140 0 0 46.667 ")) {
		t.Error("the image is not drawn 140 points wide with its transparency")
	}
}

func BenchmarkInvoice(b *testing.B) {
	sample := latin(b)
	sample.logo = nil
	for b.Loop() {
		bytesOf(b, invoice(b, sample))
	}
}

func BenchmarkArabicInvoice(b *testing.B) {
	sample := arabic(b)
	sample.logo = nil
	for b.Loop() {
		bytesOf(b, invoice(b, sample))
	}
}
