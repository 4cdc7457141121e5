package pdf_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"rowhouse/ui/pdf"
)

// marks are the signs of direction that a reader puts into what it found.
var marks = strings.NewReplacer("\u202a", "", "\u202b", "", "\u202c", "", "\u200e", "", "\u200f", "")

// readBack returns the text that another program finds in a document.
func readBack(t *testing.T, d *pdf.Document) string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("pdftotext is not installed (Debian: poppler-utils)")
	}
	b, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "document.pdf")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	command := exec.Command(tool, "-enc", "UTF-8", "-layout", file, "-")
	command.Stderr = &said
	out, err := command.Output()
	if err != nil || said.Len() > 0 {
		t.Fatalf("pdftotext: %v: %s", err, said.String())
	}
	return marks.Replace(string(out))
}

func wantAll(t *testing.T, found string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(found, text) {
			t.Errorf("%q does not read back from\n%s", text, found)
		}
	}
}

func TestLatinGreekAndCyrillicReadBack(t *testing.T) {
	texts := []string{
		"Żółć, Ærøskøbing, İstanbul, Đà Nẵng – 12,50 €", "Αθήνα: μετάφραση ώρα", "Договор аренды №7, ґанок",
		"office waffle fjord", "ქართული", "Հայերեն", "✓ ok → yes, ₹ 5, ₽ 7",
	}
	d := pdf.New(pdf.Info{})
	d.Text(strings.Join(texts, "\n"), pdf.Style{})
	d.Text("Gesamtbetrag Всего Σύνολο ✓", pdf.Style{Bold: true})
	wantAll(t, readBack(t, d), append(texts, "Gesamtbetrag Всего Σύνολο ✓")...)
}

func TestArabicIsShapedAndReadsBackInOrder(t *testing.T) {
	texts := []string{"فاتورة ضريبية", "شركة النور لإدارة العقارات", "صيانة المصعد وقطع الغيار الصغيرة", "الإجمالي"}
	d := pdf.New(pdf.Info{Language: "ar", RightToLeft: true})
	for i, text := range texts {
		d.Text(text, pdf.Style{Bold: i%2 == 1})
	}
	wantAll(t, readBack(t, d), texts...)
}

func TestHebrewReadsBackInOrder(t *testing.T) {
	d := pdf.New(pdf.Info{Language: "he", RightToLeft: true})
	d.Text("חשבונית מס\nדמי ניהול חודשיים", pdf.Style{})
	wantAll(t, readBack(t, d), "חשבונית מס", "דמי ניהול חודשיים")
}

func TestDevanagariReadsBack(t *testing.T) {
	d := pdf.New(pdf.Info{Language: "hi"})
	d.Text("हिन्दी में बिल: क्षत्रिय कि", pdf.Style{})
	wantAll(t, readBack(t, d), "हिन्दी में बिल", "क्षत्रिय कि")
}

func TestCharactersWithoutAFontKeepTheirText(t *testing.T) {
	d := pdf.New(pdf.Info{})
	d.Text("漢字 ABC", pdf.Style{})
	wantAll(t, readBack(t, d), "漢字", "ABC")
}

func TestTheSampleInvoicesReadBack(t *testing.T) {
	wantAll(t, readBack(t, invoice(t, latin(t))),
		"Gesamtbetrag", "2.904,08 €", "−32,00 €", "Betriebssicherheitsverordnung", "1/1", "HRB 123456")
	wantAll(t, readBack(t, invoice(t, arabic(t))),
		"المبلغ الإجمالي", "2,843.26", "OTIS Gen2", "2026-0042", "+966 12 345 6789", "SA03 8000 0000 6080 1016 7519")
}

func TestPageBreaksRepeatTheTitlesOfATable(t *testing.T) {
	d := pdf.New(pdf.Info{Footer: []string{"Bank"}})
	rows := make([]pdf.Row, 100)
	for i := range rows {
		rows[i].Cells = []string{"Posten", "1,00 €"}
	}
	d.Table([]pdf.Column{{Title: "Leistung", Width: 3}, {Title: "Betrag", Align: pdf.End}}, rows...)
	pages := strings.Split(strings.TrimSuffix(readBack(t, d), "\f"), "\f")
	if len(pages) < 3 {
		t.Fatalf("%d pages", len(pages))
	}
	for i, p := range pages {
		for _, once := range []string{"Leistung", "Betrag", "Bank", string(rune('1'+i)) + "/"} {
			if strings.Count(strings.ReplaceAll(p, " ", ""), once) != 1 {
				t.Errorf("page %d has %q not once:\n%s", i+1, once, p)
			}
		}
	}
	if n := strings.Count(strings.Join(pages, ""), "Posten"); n != 100 {
		t.Errorf("%d of 100 rows", n)
	}
}
