package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
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

const canaries = 40

// pages are what is asked of a damaged tenant: as a stranger, and as somebody signed in.
var damagePages = []string{"/admin/login", "/admin/leads", "/admin/leads/board", "/admin/search?q=canary", "/admin/leads/7"}

func TestDamagedXX(t *testing.T) {
	a := newApp(t)
	for _, name := range []string{"acme", "harbour"} {
		a.found(t, name, 0)
		v := a.signIn(t, name, "ada@"+name+".example")
		for i := range canaries {
			if w := v.post("/admin/leads", "name", fmt.Sprintf("canary %s %d", name, i)); w.Code != http.StatusSeeOther {
				t.Fatal(w.Code, text(w))
			}
		}
	}
	ada := a.signIn(t, "acme", "ada@acme.example")
	eve := a.signIn(t, "harbour", "ada@harbour.example")
	whole := map[string][]byte{}
	for _, name := range []string{"acme", "harbour"} {
		must(t, a.tenants.Files.Alone(t.Context(), name, func(folder string) (err error) {
			whole[name], err = os.ReadFile(filepath.Join(folder, data.FileName))
			return err
		}))
	}
	fdb, err := data.Create(t.Context(), filepath.Join(a.dir, "foreign.db"))
	must(t, err)
	_, err = fdb.Exec(t.Context(), `create table person (id integer primary key)`)
	must(t, errors.Join(err, fdb.Close()))
	foreign, err := os.ReadFile(filepath.Join(a.dir, "foreign.db"))
	must(t, err)
	all := mutations(foreign, whole["harbour"])
	ref := map[string]string{}
	for _, p := range damagePages {
		w := ada.get(p)
		ref[p] = text(w)
		if w.Code != 200 {
			t.Fatal(p, w.Code, text(w))
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	stat := map[string]map[string]int{}
	path := filepath.Join(a.tenants.Folder("acme"), data.FileName)
	for i := range rounds(60, 3000) {
		m := all[i%len(all)]
		must(t, a.tenants.Files.Alone(t.Context(), "acme", func(folder string) error {
			must(t, os.RemoveAll(folder))
			must(t, os.MkdirAll(filepath.Join(folder, "files"), 0o700))
			must(t, os.WriteFile(path, whole["acme"], 0o600))
			return m.damage(r, path, append([]byte{}, whole["acme"]...))
		}))
		bad := ""
		for _, p := range damagePages {
			w := ada.get(p)
			var s string
			switch {
			case w.Code == 503 && incident.MatchString(w.Body.String()):
				s = "503"
				bad = p
			case w.Code == 200 && text(w) == ref[p]:
				s = "right"
			case w.Code == 200:
				s = fmt.Sprint("altered ", strings.Count(body(w), "canary acme"), " of ", strings.Count(ref[p], "canary acme"))
				t.Log(m.name, p, s)
			default:
				s = fmt.Sprint(w.Code)
				t.Log(m.name, p, s, text(w))
			}
			if stat[m.name] == nil {
				stat[m.name] = map[string]int{}
			}
			stat[m.name][s[:min(len(s), 7)]]++
		}
		if w := eve.get("/admin/leads"); w.Code != 200 {
			t.Error("harbour", w.Code)
		}
		var damaged string
		must(t, a.host.QueryRow(t.Context(), `select damaged from tenant where name = 'acme'`).Scan(&damaged))
		if (damaged != "") != (bad != "") {
			t.Log(m.name, "damaged:", damaged, "bad:", bad)
			x, _ := os.ReadFile(path); os.WriteFile("/tmp/weird.db", x, 0o600); os.WriteFile("/tmp/whole.db", whole["acme"], 0o600)
			stat[m.name]["not noted"]++
		}
	}
	for k, v := range stat {
		t.Log(k, v)
	}
}

var incident = regexp.MustCompile(`Incident [a-z0-9]{8,}`)
var _ = time.Now
