package pdf_test

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"rowhouse/ui/pdf"
)

func TestRubbishIsDrawnWithoutPanic(t *testing.T) {
	rubbish := []string{
		"", "\x00\x01\x7f\u0085", "\xff\xfe\xc3(", "\u0301\u0301", "\n\n\r\n\r", "\u202e evil \u202c", "\u2066\u2067\u2068\u2069\u2069",
		strings.Repeat("\u2067", 3000), strings.Repeat("(", 3000), strings.Repeat("a)", 3000), strings.Repeat("W", 5000),
		strings.Repeat("\u0301", 3000), strings.Repeat("ل", 3000) + strings.Repeat("ا", 3000), "\u200b\u200d\u200c\ufeff\u00ad",
		"\U0001F469\u200d\U0001F469\u200d\U0001F467 \U000E0041 \U0010FFFF", "क्\u200d ्ि", strings.Repeat("é ", 1<<20),
	}
	for _, right := range []bool{false, true} {
		d := pdf.New(pdf.Info{Title: rubbish[2], Language: rubbish[7], RightToLeft: right, Footer: rubbish})
		for _, s := range rubbish {
			d.Text(s, pdf.Style{Bold: right})
			d.Columns(pdf.Block{Paragraphs: []pdf.Paragraph{{Text: s}}}, pdf.Block{Facts: []pdf.Fact{{Label: s, Value: s}}})
			d.Table([]pdf.Column{{Title: s}, {Width: -1}, {Width: math.NaN()}}, pdf.Row{Cells: []string{s, "1", "2", "3"}})
		}
		bytesOf(t, d)
	}
}

func TestRandomTextIsDrawnWithoutPanic(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	alphabet := []rune("aÄß€ 12.,-(\u2066)\u2069\u200fابجلا\u064bשלםאहिन्दी\u0301\u200dაԱ✓漢\n%+/")
	d := pdf.New(pdf.Info{})
	for range 400 {
		text := make([]rune, random.IntN(60))
		for i := range text {
			if text[i] = alphabet[random.IntN(len(alphabet))]; random.IntN(20) == 0 {
				text[i] = rune(random.IntN(0x20000))
			}
		}
		d.Columns(pdf.Block{Paragraphs: []pdf.Paragraph{{Text: string(text)}}}, pdf.Block{Facts: []pdf.Fact{{Value: string(text)}}})
	}
	bytesOf(t, d)
}

func TestOddSizesAreBounded(t *testing.T) {
	d := pdf.New(pdf.Info{})
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1), -5, 1e300} {
		d.Gap(v)
		d.Text("x", pdf.Style{Size: v})
		d.Columns(pdf.Block{Width: v}, pdf.Block{})
	}
	d.Table(nil, pdf.Row{Cells: []string{"x"}})
	d.Table(make([]pdf.Column, 300), pdf.Row{Cells: []string{"wide"}})
	d.Columns()
	d.Rule()
	for _, b := range unpacked(t, bytesOf(t, d)) {
		if bytes.Contains(b, []byte("NaN")) || bytes.Contains(b, []byte("+Inf")) {
			t.Error("a number that is none is in the file")
		}
	}
}

func TestTenThousandRowsAreWrittenInGoodTime(t *testing.T) {
	start := time.Now()
	rows := make([]pdf.Row, 10000)
	for i := range rows {
		rows[i].Cells = []string{"Hausverwaltung, Grundgebühr", "1", "99,90 €"}
	}
	d := pdf.New(pdf.Info{})
	d.Table([]pdf.Column{{Title: "Leistung", Width: 4}, {Title: "Menge"}, {Title: "Betrag", Align: pdf.End}}, rows...)
	bytesOf(t, d)
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestADocumentWithoutEndIsAnError(t *testing.T) {
	d := pdf.New(pdf.Info{})
	text := strings.Repeat("x\n", 15000)
	for range 20 {
		d.Text(text, pdf.Style{Size: 72})
	}
	if _, err := d.Bytes(); !errors.Is(err, pdf.ErrTooLong) {
		t.Errorf("got %v", err)
	}
}
