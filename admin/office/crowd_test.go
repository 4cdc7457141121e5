package office

import (
	"fmt"
	"net/http"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"rowhouse/data"
)

// The host's own connections write while PocketBase reads and operators are changed: nobody is told that the file is locked.
func TestEverybodyWorksAtOnce(t *testing.T) {
	dir := folder(t, opened)
	db, err := data.Open(t.Context(), filepath.Join(dir, "host", "data.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	o := openIn(t, dir)
	a := hire(t, o, "ann@host.example", Owner)
	const times = 40
	var wg sync.WaitGroup
	work := func(name string, once func(i int) error) {
		wg.Go(func() {
			for i := range times {
				if err := once(i); err != nil {
					t.Errorf("%s: %v", name, err)
					return
				}
			}
		})
	}
	for range 2 {
		work("the host writes", func(i int) error {
			_, err := db.Exec(t.Context(), `insert into audit (at, actor, act) values (?, 'host', 'write')`, i)
			return err
		})
		work("a script reads", func(i int) error {
			if w := get(o, a, "GET", root+"audit_log/records?sort=-at&filter=actor!='x'"); w.Code != http.StatusOK {
				return fmt.Errorf("%d %s", w.Code, w.Body)
			}
			return nil
		})
		work("an operator signs in", func(i int) error { return o.NoteLogin(t.Context(), a.Number, time.Now()) })
		work("the panel asks", func(i int) error {
			got, err := o.ByNumber(t.Context(), a.Number)
			if err == nil && got.Email != a.Email {
				err = fmt.Errorf("got %+v", got)
			}
			return err
		})
	}
	wg.Wait()
	var n int
	if err := db.QueryRow(t.Context(), `select count(*) from audit where actor = 'host'`).Scan(&n); err != nil || n != 2*times {
		t.Errorf("%d rows instead of %d, %v", n, 2*times, err)
	}
	if err := db.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestClosingWaitsForWhoIsInside(t *testing.T) {
	o := house(t)
	a := hire(t, o, "ann@host.example", Owner)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				w := get(o, a, "GET", root+"tenants/records")
				if w.Code == http.StatusServiceUnavailable {
					return
				}
				if w.Code != http.StatusOK {
					t.Errorf("%d %s", w.Code, w.Body)
					return
				}
			}
		})
	}
	time.Sleep(20 * time.Millisecond)
	if err := o.Close(); err != nil {
		t.Error(err)
	}
	wg.Wait()
}

func TestLongQuestionEndsAndHoldsNobodyUp(t *testing.T) {
	slow := view{Name: "slow", Label: "Slow", Sort: "id", Query: `select text(a.id) as id from audit a where a.act <> 'slow' or
		(with recursive n(value) as (select a.id union all select value + 1 from n where value < 400000000) select count(*) from n) > 0`}
	o, err := open(t.Context(), folder(t, opened), secret, []view{slow}, 1500*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	a := hire(t, o, "ann@host.example", Owner)
	if w := get(o, a, "GET", root+"slow/records"); w.Code != http.StatusOK {
		t.Fatal(w.Code, w.Body)
	}
	if _, err := o.app.NonconcurrentDB().NewQuery(`insert into audit (at, actor, act) values (0, 'x', 'slow')`).Execute(); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			began := time.Now()
			w := get(o, a, "GET", root+"slow/records")
			if took := time.Since(began); took > 20*time.Second || w.Code != http.StatusBadRequest && w.Code != http.StatusServiceUnavailable {
				t.Error(w.Code, w.Body, took)
			}
		})
	}
	time.Sleep(100 * time.Millisecond)
	began := time.Now()
	if err := o.NoteLogin(t.Context(), a.Number, began); err != nil || time.Since(began) > 1400*time.Millisecond { // sooner than any of the questions ends
		t.Error("signing in took", time.Since(began), err)
	}
	wg.Wait()
}
