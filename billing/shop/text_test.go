package shop

import (
	"database/sql"
	"reflect"
	"testing"
)

func TestTheHostsTextsTakeThePlaceOfTheBuiltInOnes(t *testing.T) {
	s := newSite(t)
	s.set("brand", "Kontor & Co")
	s.set("headline", "Ihr CRM <b>")
	s.set("hue", "150")
	s.set("contact", "hallo@kontor.example")
	s.set("features", "kanban: Tafel\r\nZum Ziehen.\r\n\r\nOhne Bild\nText: mit Doppelpunkt")
	s.set("facts", "24\nStunden am Tag")
	s.set("terms", "Regeln.\n\n# Eins\n\n- a\n- b")
	s.get("/").is(200).says("Kontor &amp; Co", "Ihr CRM &lt;b&gt;", "/brand.css?h=150", "#i-kanban", "Tafel", "Zum Ziehen.", "Ohne Bild", "<dd>24</dd>").silent("Roles and teams")
	s.get("/terms").is(200).says("<h2>Eins</h2>", "<li>a</li>", "<li>b</li>", "mailto:hallo@kontor.example")
	if got := s.Brand(t.Context()); got != "Kontor & Co" {
		t.Fatal(got)
	}
	s.set("headline", "")
	s.get("/").says("stays out of your way")
}

func TestATextThatCouldNotBeShownIsRefused(t *testing.T) {
	s := newSite(t)
	for key, value := range map[string]string{"hue": "400", "registration": "ajar", "logo": "https://evil.example/x.png", "brand": "two\nlines", "colour": "red"} {
		err := s.DB.Tx(t.Context(), func(tx *sql.Tx) error {
			var texts Texts
			return texts.Set(t.Context(), tx, key, value)
		})
		if err == nil {
			t.Errorf("%s = %q was kept", key, value)
		}
	}
}

func TestAnotherWordOfTheTermsIsAnotherVersion(t *testing.T) {
	s := newSite(t)
	s.registered("acme", "maya@acme.example")
	s.set("terms", "Other terms.")
	s.registered("acme-hq", "jo@acme.example")
	if n := s.number(`select count(distinct terms_version) from signup`); n != 2 {
		t.Fatalf("%d versions", n)
	}
}

func TestBlocksAreReadAsTheyAreWritten(t *testing.T) {
	got := blocks("lock: Safe\nVery.\n\n\n\nPlain: no icon? \n\nA: B: C\nd\ne")
	want := []Block{{"lock", "Safe", "Very."}, {"", "Plain: no icon?", ""}, {"", "A: B: C", "d\ne"}}
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%q", got)
	}
}
