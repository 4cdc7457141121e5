package record_test

import (
	"testing"
)

func TestTwinsAreFoundHoweverTheyAreWritten(t *testing.T) {
	c := newCompany(t)
	c.make(ada, "customer", "name", "Acme", "emails", "Info@Acme.example", "phones", "+49 30 12345", "website", "https://www.ACME.example/about")
	for what, pairs := range map[string][]string{"case of an e-mail": {"emails", "iNFO@acme.EXAMPLE"}, "second e-mail": {"emails", "x@y.example,info@acme.example"}, "domain": {"website", "acme.example"}, "www": {"website", "http://WWW.acme.example:8080/x"},
		"without country": {"phones", "030 12345"}, "00": {"phones", "0049 30 12345"}, "(0)": {"phones", "+49 (0)30 123-45"}, "slash": {"phones", "030/12345"}} {
		if twins := c.twins(append([]string{"name", "X"}, pairs...)...); len(twins) != 1 || twins[0].Title != "Acme" || twins[0].Entity.Name != "customer" {
			t.Errorf("%s: %+v", what, twins)
		}
	}
	for what, pairs := range map[string][]string{"other town": {"phones", "040 12345"}, "other country": {"phones", "+43 31 12345"}, "extension": {"phones", "123"}, "e-mail": {"emails", "info@acme.example.org"}, "domain": {"website", "notacme.example"}, "name": {"name", "Acme"}} {
		if twins := c.twins(pairs...); len(twins) != 0 {
			t.Errorf("%s: %+v", what, twins)
		}
	}
	c.make(ada, "lead", "name", "L", "phones", "+1 (212) 555-0100")
	c.make(ada, "contact", "name", "C", "emails", "c@d.example")
	if n := len(c.twins("phones", "212.555.0100", "emails", "C@D.example")); n != 2 {
		t.Errorf("%d twins among leads and contacts", n)
	}
}

func TestAHiddenTwinTellsOnlyThatItExists(t *testing.T) {
	c := newCompany(t)
	c.make(ada, "customer", "name", "Secret", "emails", "s@x.example")
	s, e := c.as(eve), c.entity("lead")
	values, _ := s.Parse(e.Writable(), form("name", "X", "emails", "s@x.example"))
	twins, block, err := s.Twins(t.Context(), e, 0, values)
	if err != nil || block || len(twins) != 1 || !twins[0].Hidden || twins[0].Title != "" {
		t.Errorf("%+v %v %v", twins, block, err)
	}
}

func TestTheSettingsSayWhatATwinMeans(t *testing.T) {
	c := newCompany(t)
	id := c.make(ada, "customer", "name", "Müller & Söhne", "emails", "m@x.example")
	s, e := c.as(ada), c.entity("customer")
	look := func(self int64) (int, bool) {
		t.Helper()
		values, _ := s.Parse(e.Writable(), form("name", "MULLER SOHNE", "emails", "m@x.example"))
		twins, block, err := c.as(ada).Twins(t.Context(), e, self, values)
		if err != nil {
			t.Fatal(err)
		}
		return len(twins), block
	}
	for _, set := range []struct {
		email, name string
		twins       int
		block       bool
	}{{"", "", 1, false}, {"off", "", 0, false}, {"block", "", 1, true}, {"off", "warn", 1, false}, {"off", "block", 1, true}, {"warn", "block", 1, true}} {
		c.exec(`delete from setting`)
		if set.email != "" {
			c.exec(`insert into setting values ('twins.email', ?)`, set.email)
		}
		if set.name != "" {
			c.exec(`insert into setting values ('twins.name', ?)`, set.name)
		}
		if n, block := look(0); n != set.twins || block != set.block && set.email != "warn" {
			t.Errorf("%+v: %d, %v", set, n, block)
		}
		if n, block := look(id); n != 0 || block {
			t.Errorf("%+v: a record is its own twin", set)
		}
	}
}

func TestChangingARecordTellsOnlyOfNewTwins(t *testing.T) {
	c := newCompany(t)
	c.make(ada, "lead", "name", "One", "emails", "one@x.example")
	id := c.make(ada, "lead", "name", "Two", "emails", "one@x.example")
	c.make(ada, "lead", "name", "Three", "emails", "three@x.example")
	s, e := c.as(ada), c.entity("lead")
	for typed, want := range map[string]int{"one@x.example": 0, "one@x.example,three@x.example": 1, "new@x.example": 0} {
		values, _ := s.Parse(e.Writable(), form("emails", typed))
		if twins, _, err := s.Twins(t.Context(), e, id, values); err != nil || len(twins) != want {
			t.Errorf("%s: %v (%v)", typed, twins, err)
		}
	}
}
