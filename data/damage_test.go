package data

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

const canaries = 400

// checked is what the product does after opening: is it the right file, and is all of it there?
func checked(ctx context.Context, name string, db *DB) error {
	id, err := Meta(ctx, db, "tenant")
	if err != nil {
		return err
	}
	if id != name {
		return fmt.Errorf("this is the file of %q", id)
	}
	n, err := count(ctx, db)
	if err == nil && n != canaries {
		err = fmt.Errorf("%d of %d leads", n, canaries)
	}
	return err
}

// mutation damages the file of a tenant. Its bytes before that are whole.
type mutation struct {
	name   string
	damage func(r *rand.Rand, path string, whole []byte) error
}

func mutations(foreign, other []byte) []mutation {
	return []mutation{
		{"one bit", func(r *rand.Rand, path string, whole []byte) error {
			whole[r.IntN(len(whole))] ^= 1 << r.IntN(8)
			return os.WriteFile(path, whole, 0o600)
		}},
		{"a bit of the header", func(r *rand.Rand, path string, whole []byte) error {
			whole[r.IntN(120)] ^= 1 << r.IntN(8)
			return os.WriteFile(path, whole, 0o600)
		}},
		{"a hundred bits", func(r *rand.Rand, path string, whole []byte) error {
			for range 100 {
				whole[r.IntN(len(whole))] ^= 1 << r.IntN(8)
			}
			return os.WriteFile(path, whole, 0o600)
		}},
		{"cut short", func(r *rand.Rand, path string, whole []byte) error {
			return os.WriteFile(path, whole[:r.IntN(len(whole))], 0o600)
		}},
		{"zero length", func(_ *rand.Rand, path string, _ []byte) error { return os.WriteFile(path, nil, 0o600) }},
		{"a foreign database", func(_ *rand.Rand, path string, _ []byte) error { return os.WriteFile(path, foreign, 0o600) }},
		{"another tenant's", func(_ *rand.Rand, path string, _ []byte) error { return os.WriteFile(path, other, 0o600) }},
		{"a folder", func(_ *rand.Rand, path string, _ []byte) error {
			return errors.Join(os.Remove(path), os.Mkdir(path, 0o700))
		}},
		{"random bytes", func(r *rand.Rand, path string, whole []byte) error {
			return os.WriteFile(path, noise(r, len(whole)), 0o600)
		}},
		{"random bytes in the middle", func(r *rand.Rand, path string, whole []byte) error {
			at := r.IntN(len(whole))
			copy(whole[at:], noise(r, 1+r.IntN(8192)))
			return os.WriteFile(path, whole, 0o600)
		}},
		{"missing", func(_ *rand.Rand, path string, _ []byte) error { return os.Remove(path) }},
		{"no rights", func(_ *rand.Rand, path string, _ []byte) error { return os.Chmod(path, 0) }},
		{"read only", func(_ *rand.Rand, path string, _ []byte) error { return os.Chmod(path, 0o400) }},
		{"a random -wal", func(r *rand.Rand, path string, _ []byte) error {
			return os.WriteFile(path+"-wal", noise(r, r.IntN(40000)), 0o600)
		}},
		{"a random -shm", func(r *rand.Rand, path string, _ []byte) error {
			return os.WriteFile(path+"-shm", noise(r, r.IntN(70000)), 0o600)
		}},
		{"a random -journal", func(r *rand.Rand, path string, _ []byte) error {
			return os.WriteFile(path+"-journal", noise(r, r.IntN(40000)), 0o600)
		}},
		{"zeros at the end", func(r *rand.Rand, path string, whole []byte) error {
			clear(whole[r.IntN(len(whole)):])
			return os.WriteFile(path, whole, 0o600)
		}},
		{"a page in another's place", func(r *rand.Rand, path string, whole []byte) error {
			from, to := 4096*r.IntN(len(whole)/4096), 4096*r.IntN(len(whole)/4096)
			copy(whole[to:to+4096], whole[from:from+4096])
			return os.WriteFile(path, whole, 0o600)
		}},
	}
}

func noise(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func TestADamagedFileIsAnErrorAndNeverAnEmptyOrWrongOne(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"acme", "neighbour", "other"} {
		must(t, sample(t.Context(), dir, name, canaries))
	}
	db, err := Create(t.Context(), filepath.Join(dir, "foreign.db"))
	must(t, err)
	_, err = db.Exec(t.Context(), `create table person (id integer primary key)`)
	must(t, errors.Join(err, db.Close()))
	read := func(path string) []byte {
		b, err := os.ReadFile(filepath.Join(dir, path))
		must(t, err)
		return b
	}
	whole, all := read("acme/crm.db"), mutations(read("foreign.db"), read("other/crm.db"))

	p := &Pool{Dir: dir, Prepare: checked}
	defer p.Close()
	r := rand.New(rand.NewPCG(1, 2))
	rounds, served := 306, map[string]int{}
	if *long {
		rounds *= 10
	}
	for i := range rounds {
		m := all[i%len(all)]
		must(t, os.RemoveAll(filepath.Join(dir, "acme")))
		must(t, os.Mkdir(filepath.Join(dir, "acme"), 0o700))
		path := filepath.Join(dir, "acme", FileName)
		must(t, os.WriteFile(path, whole, 0o600))
		must(t, m.damage(r, path, append([]byte{}, whole...)))
		if err := p.trial(t.Context(), "acme"); err == nil {
			served[m.name]++
		} else if errors.Is(err, errWrong) {
			t.Errorf("%s, round %d: %v", m.name, i, err)
		}
		must(t, p.trial(t.Context(), "neighbour"))
	}
	t.Log("right in spite of the damage:", served)
	for _, name := range []string{"zero length", "a foreign database", "another tenant's", "a folder", "random bytes", "missing"} {
		if served[name] > 0 {
			t.Error("served:", name)
		}
	}
}

var errWrong = errors.New("wrong data without an error")

// trial uses a file as the product does: reads, a write, reads.
func (p *Pool) trial(ctx context.Context, name string) error {
	p.mu.Lock()
	delete(p.failed, name)
	p.mu.Unlock()
	db, done, err := p.Use(ctx, name)
	if err != nil {
		if name == "acme" && !Damaged(err) && !errors.Is(err, fs.ErrNotExist) && code(err) != 0 && code(err) != 1 {
			return fmt.Errorf("%w: not called damaged: %w", errWrong, err)
		}
		return err
	}
	defer p.Drop(name)
	defer done()
	for range 2 {
		n, err := count(ctx, db)
		if err != nil {
			return err
		}
		if n != canaries {
			return fmt.Errorf("%w: %d leads", errWrong, n)
		}
		if _, err := db.Exec(ctx, `update lead set name = name || '' where id % 50 = 0`); err != nil {
			return err
		}
	}
	return db.Verify(ctx)
}

func TestAFileCutShortUnderneathDoesNotEndTheProcess(t *testing.T) {
	dir := t.TempDir()
	must(t, sample(t.Context(), dir, "neighbour", canaries))
	p := &Pool{Dir: dir, Prepare: checked}
	defer p.Close()
	for _, file := range []string{"-shm", "-wal", ""} {
		must(t, sample(t.Context(), dir, "acme", canaries))
		db, done := use(t, p, "acme")
		_, err := db.Exec(t.Context(), `update lead set name = name || ''`)
		must(t, err)
		must(t, os.Truncate(db.Path+file, 0))
		if n, err := count(t.Context(), db); err != nil && !Damaged(err) || err == nil && n != canaries {
			t.Error(file, n, err)
		}
		if _, err := db.Exec(t.Context(), `update lead set name = name || ''`); err != nil && !Damaged(err) {
			t.Error(file, err)
		}
		done()
		must(t, p.Alone(t.Context(), "acme", os.RemoveAll))
		must(t, p.trial(t.Context(), "neighbour"))
	}
}

func TestAFaultHealsAndLeavesNoDescriptorBehind(t *testing.T) {
	p := &Pool{Dir: t.TempDir(), Prepare: checked}
	defer p.Close()
	must(t, sample(t.Context(), p.Dir, "acme", canaries))
	before := descriptors()
	for range 5 {
		db, done := use(t, p, "acme")
		_, err := db.Exec(t.Context(), `update lead set name = name || ''`)
		must(t, err)
		must(t, os.Truncate(db.Path+"-shm", 0))
		if _, err := count(t.Context(), db); !Damaged(err) {
			t.Error("no fault:", err)
		}
		if n, err := count(t.Context(), db); n != canaries || err != nil {
			t.Error(n, err)
		}
		_, err = db.Exec(t.Context(), `update lead set name = name || ''`)
		must(t, err)
		done()
		must(t, p.Alone(t.Context(), "acme", func(folder string) error {
			if got := listing(t, folder); got != FileName {
				t.Error(got)
			}
			return nil
		}))
	}
	if after := descriptors(); after != before {
		t.Error("descriptors:", before, after)
	}
}
