package pdf_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"
	"time"

	"rowhouse/ui/pdf"
)

var created = time.Date(2026, 3, 14, 9, 30, 0, 0, time.UTC)

// logo is a small drawing with transparent corners.
func logo(t testing.TB) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 360, 120))
	for y := range 120 {
		for x := range 360 {
			if dx, dy := x%120-60, y-60; dx*dx+dy*dy < 55*55 {
				m.Set(x, y, color.NRGBA{uint8(40 + x/4), 90, 120, 255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bill is what differs between the sample invoices.
type bill struct {
	info          pdf.Info
	seller, buyer string
	heading, note string
	facts         []pdf.Fact
	columns       [4]string
	rows          []pdf.Row
	totals        []pdf.Fact
	logo          []byte
}

// invoice writes a bill as a billing system would.
func invoice(t testing.TB, b bill) *pdf.Document {
	t.Helper()
	d := pdf.New(b.info)
	if b.logo != nil {
		if err := d.Image(b.logo); err != nil {
			t.Fatal(err)
		}
	}
	d.Text(b.seller, pdf.Style{Size: 7.5, Grey: true})
	d.Gap(22)
	d.Columns(
		pdf.Block{Width: 1.2, Paragraphs: []pdf.Paragraph{{Text: b.buyer}}},
		pdf.Block{Facts: b.facts},
	)
	d.Gap(34)
	d.Text(b.heading, pdf.Style{Size: 20, Bold: true})
	d.Gap(16)
	d.Table([]pdf.Column{
		{Title: b.columns[0], Width: 5},
		{Title: b.columns[1], Width: 1.2, Align: pdf.End},
		{Title: b.columns[2], Width: 1.8, Align: pdf.End},
		{Title: b.columns[3], Width: 1.8, Align: pdf.End},
	}, b.rows...)
	d.Gap(14)
	d.Columns(pdf.Block{Width: 1.2}, pdf.Block{Facts: b.totals})
	d.Gap(30)
	d.Text(b.note, pdf.Style{Grey: true, Size: 9})
	return d
}

func latin(t testing.TB) bill {
	return bill{
		logo: logo(t),
		info: pdf.Info{
			Title: "Rechnung R-2026-0042", Author: "Müller & Söhne GmbH", Language: "de", Created: created,
			Footer: []string{
				"Müller & Söhne GmbH\nGrünstraße 12\n10179 Berlin",
				"Amtsgericht Charlottenburg\nHRB 123456\nUSt-IdNr. DE123456789",
				"Sparkasse Berlin\nDE02 1001 0010 0006 8201 01\nPBNKDEFFXXX",
			},
		},
		seller:  "Müller & Söhne GmbH · Grünstraße 12 · 10179 Berlin",
		buyer:   "Żółć Łódź Sp. z o.o.\nJadwiga Wójcik\nul. Piotrkowska 7\n90-406 Łódź\nPolen",
		heading: "Rechnung R-2026-0042",
		facts: []pdf.Fact{
			{Label: "Rechnungsdatum", Value: "14.03.2026"}, {Label: "Leistungszeitraum", Value: "Februar 2026"},
			{Label: "Kundennummer", Value: "K-10023"}, {Label: "Fällig am", Value: "28.03.2026"},
		},
		columns: [4]string{"Leistung", "Menge", "Einzelpreis", "Betrag"},
		rows: []pdf.Row{
			{Cells: []string{"Hausverwaltung, Grundgebühr Februar 2026", "1", "1.240,00 €", "1.240,00 €"}},
			{Cells: []string{"Wartung der Aufzugsanlage einschließlich Anfahrt, Kleinmaterial und Prüfbericht nach Betriebssicherheitsverordnung", "3", "185,50 €", "556,50 €"}},
			{Cells: []string{"Αθήνα: μετάφραση συμβολαίου", "12", "48,00 €", "576,00 €"}},
			{Cells: []string{"Договор аренды, квартира №7", "1", "99,90 €", "99,90 €"}},
			{Cells: []string{"Gutschrift Zählerstand", "−1", "32,00 €", "−32,00 €"}},
		},
		totals: []pdf.Fact{
			{Label: "Nettobetrag", Value: "2.440,40 €"}, {Label: "zzgl. 19 % USt.", Value: "463,68 €"},
			{Label: "Gesamtbetrag", Value: "2.904,08 €", Bold: true},
		},
		note: "Bitte überweisen Sie den Betrag bis zum 28.03.2026 auf das unten genannte Konto. Geben Sie dabei die Rechnungsnummer an. Vielen Dank für Ihr Vertrauen.",
	}
}

func arabic(t testing.TB) bill {
	return bill{
		logo: logo(t),
		info: pdf.Info{
			Title: "فاتورة رقم \u20662026-0042\u2069", Author: "شركة النور", Language: "ar", RightToLeft: true, Created: created,
			Footer: []string{
				"شركة النور لإدارة العقارات\nشارع الملك فهد 12\nالرياض 11564",
				"السجل التجاري 1010123456\nالرقم الضريبي 300012345600003",
				"البنك الأهلي السعودي\nSA03 8000 0000 6080 1016 7519",
			},
		},
		seller:  "شركة النور لإدارة العقارات · شارع الملك فهد 12 · الرياض",
		buyer:   "مؤسسة الأفق للتجارة\nالسيد محمد عبد الله\nطريق الأمير سلطان 45\nجدة 21442\n+966 12 345 6789",
		heading: "فاتورة رقم \u20662026-0042\u2069",
		facts: []pdf.Fact{
			{Label: "تاريخ الفاتورة", Value: "14/03/2026"}, {Label: "فترة الخدمة", Value: "فبراير 2026"},
			{Label: "رقم العميل", Value: "K-10023"}, {Label: "تاريخ الاستحقاق", Value: "٢٨ مارس ٢٠٢٦"},
		},
		columns: [4]string{"الخدمة", "الكمية", "سعر الوحدة", "المبلغ"},
		rows: []pdf.Row{
			{Cells: []string{"إدارة المبنى، الرسوم الأساسية لشهر فبراير 2026", "1", "1,240.00 ر.س", "1,240.00 ر.س"}},
			{Cells: []string{"صيانة المصعد (OTIS Gen2) بما في ذلك الزيارة وقطع الغيار الصغيرة وتقرير الفحص السنوي", "3", "185.50 ر.س", "556.50 ر.س"}},
			{Cells: []string{"تنظيف الواجهات الزجاجية", "12", "48.00 ر.س", "576.00 ر.س"}},
			{Cells: []string{"שירותי ניהול (עברית)", "1", "99.90 ر.س", "99.90 ر.س"}},
		},
		totals: []pdf.Fact{
			{Label: "المجموع قبل الضريبة", Value: "2,472.40 ر.س"}, {Label: "ضريبة القيمة المضافة 15%", Value: "370.86 ر.س"},
			{Label: "المبلغ الإجمالي", Value: "2,843.26 ر.س", Bold: true},
		},
		note: "يرجى تحويل المبلغ قبل تاريخ الاستحقاق إلى الحساب المذكور أدناه مع ذكر رقم الفاتورة. شكراً لثقتكم بنا.",
	}
}
