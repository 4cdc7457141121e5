package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rowhouse/data"
)

// mutation damages the file of a tenant, whose bytes were whole before.
type mutation struct {
	name   string
	damage func(r *rand.Rand, path string, whole []byte) error
}

// mutations are the ways in which a file is lost, cut, mixed up or overwritten.
func mutations(foreign, other []byte) []mutation {
	write := func(change func(r *rand.Rand, b []byte) []byte) func(*rand.Rand, string, []byte) error {
		return func(r *rand.Rand, path string, whole []byte) error {
			return os.WriteFile(path, change(r, whole), 0o600)
		}
	}
	beside := func(end string) func(*rand.Rand, string, []byte) error {
		return func(r *rand.Rand, path string, _ []byte) error {
			return os.WriteFile(path+end, noise(r, r.IntN(40000)), 0o600)
		}
	}
	flip := func(r *rand.Rand, b []byte, times int) []byte {
		for range times {
			b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		}
		return b
	}
	return []mutation{
		{"a bit", write(func(r *rand.Rand, b []byte) []byte { return flip(r, b, 1) })},
		{"a bit of the header", write(func(r *rand.Rand, b []byte) []byte { return append(flip(r, b[:100:100], 1), b[100:]...) })},
		{"a hundred bits", write(func(r *rand.Rand, b []byte) []byte { return flip(r, b, 100) })},
		{"cut short", write(func(r *rand.Rand, b []byte) []byte { return b[:r.IntN(len(b))] })},
		{"no content", write(func(*rand.Rand, []byte) []byte { return nil })},
		{"random bytes", write(func(r *rand.Rand, b []byte) []byte { return noise(r, len(b)) })},
		{"random bytes in the middle", write(func(r *rand.Rand, b []byte) []byte {
			copy(b[r.IntN(len(b)):], noise(r, 1+r.IntN(8192)))
			return b
		})},
		{"zeros at the end", write(func(r *rand.Rand, b []byte) []byte { clear(b[r.IntN(len(b)):]); return b })},
		{"a page in another's place", write(func(r *rand.Rand, b []byte) []byte {
			from, to := 4096*r.IntN(len(b)/4096), 4096*r.IntN(len(b)/4096)
			copy(b[to:to+4096], b[from:from+4096])
			return b
		})},
		{"a foreign database", write(func(*rand.Rand, []byte) []byte { return foreign })},
		{"the neighbour's", write(func(*rand.Rand, []byte) []byte { return other })},
		{"missing", func(_ *rand.Rand, path string, _ []byte) error { return os.Remove(path) }},
		{"no folder", func(_ *rand.Rand, path string, _ []byte) error { return os.RemoveAll(filepath.Dir(path)) }},
		{"a folder", func(_ *rand.Rand, path string, _ []byte) error {
			return errors.Join(os.Remove(path), os.Mkdir(path, 0o700))
		}},
		{"a random -wal", beside("-wal")},
		{"a random -shm", beside("-shm")},
		{"a random -journal", beside("-journal")},
	}
}

func noise(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// damageTrial is a company whose file is damaged, its neighbour, and what both looked like before.
type damageTrial struct {
	a         *app
	ada, eve  *visitor
	all       []mutation
	whole     []byte
	looks     map[string]string // of acme's pages, signed in
	neighbour string            // the neighbour's list
	right     map[string]int
	refused   map[string]int
}

// damagePages are what is asked of a damaged tenant.
var damagePages = []string{"/admin/login", "/admin/leads", "/admin/leads/board", "/admin/search?q=canary", "/admin/leads/7"}

func TestADamagedFileIsAnIncidentAndNeverAnEmptyOrForeignCRM(t *testing.T) {
	d := newDamageTrial(t)
	r := rand.New(rand.NewPCG(1, 2))
	n := rounds(4, 180) * len(d.all)
	for i := range n {
		m := d.all[i%len(d.all)]
		must(t, d.a.tenants.Files.Alone(t.Context(), "acme", func(folder string) error {
			must(t, d.putBack(folder))
			return m.damage(r, filepath.Join(folder, data.FileName), slices.Clone(d.whole))
		}))
		refused := d.ask(t, m.name)
		if text(d.eve.get("/admin/leads")) != d.neighbour {
			t.Error("the neighbour notices", m.name)
		}
		byHand := refused && i%(n/2) == 11
		d.heal(t, byHand)
		if t.Failed() {
			t.Fatalf("%s, round %d", m.name, i+1)
		}
	}
	for _, name := range []string{"no content", "random bytes", "a foreign database", "the neighbour's", "missing", "no folder", "a folder"} {
		if d.right[name] > 0 {
			t.Error("served:", name)
		}
	}
	t.Logf("%d rounds; answers that were right all the same: %v; refused: %v", n, d.right, d.refused)
}

func newDamageTrial(t *testing.T) *damageTrial {
	d := &damageTrial{a: newApp(t), looks: map[string]string{}, right: map[string]int{}, refused: map[string]int{}}
	visitors, files := map[string]*visitor{}, map[string][]byte{}
	for _, name := range []string{"acme", "harbour"} {
		d.a.found(t, name, 0)
		v := d.a.signIn(t, name, "ada@"+name+".example")
		for i := range 40 {
			if w := v.post("/admin/leads", "name", fmt.Sprintf("canary %s %d", name, i)); w.Code != http.StatusSeeOther {
				t.Fatal(w.Code, text(w))
			}
		}
		must(t, d.a.tenants.Files.Alone(t.Context(), name, func(folder string) (err error) {
			files[name], err = os.ReadFile(filepath.Join(folder, data.FileName))
			return err
		}))
		v.get("/admin/leads") // which says once that a lead was created
		visitors[name] = v
	}
	d.ada, d.eve, d.whole = visitors["acme"], visitors["harbour"], files["acme"]
	d.all = mutations(foreign(t), files["harbour"])
	d.neighbour = text(d.eve.get("/admin/leads"))
	for _, page := range damagePages {
		w := d.ada.get(page)
		if d.looks[page] = text(w); w.Code != http.StatusOK {
			t.Fatal(page, w.Code, d.looks[page])
		}
	}
	return d
}

// foreign is the file of some other program.
func foreign(t *testing.T) []byte {
	path := filepath.Join(t.TempDir(), "foreign.db")
	db, err := data.Create(t.Context(), path)
	must(t, err)
	_, err = db.Exec(t.Context(), `create table person (id integer primary key)`)
	must(t, errors.Join(err, db.Close()))
	b, err := os.ReadFile(path)
	must(t, err)
	return b
}

// putBack puts a tenant's folder as it was, as somebody does who has a backup.
func (d *damageTrial) putBack(folder string) error {
	return errors.Join(os.RemoveAll(folder), os.MkdirAll(filepath.Join(folder, "files"), 0o700), os.WriteFile(filepath.Join(folder, data.FileName), d.whole, 0o600))
}

var incidentNumber = regexp.MustCompile(`Incident [a-z0-9]{8,} `)

// ask asks a damaged tenant for its pages, and tells whether one was refused.
func (d *damageTrial) ask(t *testing.T, name string) (refused bool) {
	for _, page := range damagePages {
		w := d.ada.get(page)
		switch {
		case w.Code == http.StatusOK && text(w) == d.looks[page]:
			d.right[name]++
		case w.Code == http.StatusServiceUnavailable && incidentNumber.MatchString(text(w)):
			d.refused[name]++
			refused = true
			if d.noted(t) == "" {
				t.Error("nothing is noted for the host")
			}
		case w.Code == http.StatusInternalServerError && incidentNumber.MatchString(text(w)):
			d.refused[name+" (500)"]++ // a word of the schema is another: SQLite takes that for our mistake
		default:
			t.Error(page, "answers", w.Code, text(w))
		}
		if strings.Contains(w.Body.String(), "harbour") {
			t.Error(page, "shows the neighbour's data")
		}
	}
	return refused
}

// noted is what the host is told about acme's file.
func (d *damageTrial) noted(t *testing.T) (why string) {
	must(t, d.a.host.QueryRow(t.Context(), `select damaged from tenant where name = 'acme'`).Scan(&why))
	return why
}

// heal puts the good file back, by hand under the running server or as a restore does, and waits for the tenant.
func (d *damageTrial) heal(t *testing.T, byHand bool) {
	folder := d.a.tenants.Folder("acme")
	if byHand {
		must(t, d.putBack(folder))
	} else {
		must(t, d.a.tenants.Files.Alone(t.Context(), "acme", d.putBack))
	}
	began := time.Now()
	w := d.ada.get("/admin/leads")
	for ; byHand && w.Code != http.StatusOK && time.Since(began) < 2*time.Second; w = d.ada.get("/admin/leads") {
		time.Sleep(20 * time.Millisecond)
	}
	if w.Code != http.StatusOK || text(w) != d.looks["/admin/leads"] {
		t.Error("with the good file it answers", w.Code, text(w))
	}
	if why := d.noted(t); why != "" {
		t.Error("the host still reads:", why)
	}
}
