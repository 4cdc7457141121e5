package data

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
)

func TestAMemoIsMadeAnewOnceTheFileWasWritten(t *testing.T) {
	db := made(t)
	read := func() int {
		n, err := db.Memo("leads", func() (any, error) { return count(t.Context(), db) })
		must(t, err)
		return n.(int)
	}
	var got []int
	for range 3 {
		got = append(got, read(), read())
		_, err := db.Exec(t.Context(), `insert into lead (name) values (?)`, len(got))
		must(t, err)
	}
	if !slices.Equal(got, []int{0, 0, 1, 1, 2, 2}) {
		t.Error(got)
	}
	for i := range 2 * maxMemos {
		_, err := db.Memo(fmt.Sprint(i), func() (any, error) { return i, nil })
		must(t, err)
	}
	if len(db.memo) > maxMemos {
		t.Error(len(db.memo))
	}
}

func TestAMemoMadeDuringAWriteIsNotKept(t *testing.T) {
	db := made(t)
	read := func(meanwhile func()) int {
		n, err := db.Memo("leads", func() (any, error) {
			defer meanwhile()
			return count(t.Context(), db)
		})
		must(t, err)
		return n.(int)
	}
	read(func() {
		_, err := db.Exec(t.Context(), `insert into lead (name) values ('Asha')`)
		must(t, err)
	})
	if n := read(func() {}); n != 1 {
		t.Error(n)
	}
}

func TestWhatIsKeptIsMadeOnceUntilForgotten(t *testing.T) {
	db := made(t)
	var mu sync.Mutex
	calls := 0
	ask := func() {
		_, err := db.Keep("shape", func() (any, error) {
			mu.Lock()
			defer mu.Unlock()
			calls++
			return calls, nil
		})
		must(t, err)
	}
	var group sync.WaitGroup
	for range 20 {
		group.Go(ask)
	}
	group.Wait()
	if calls != 1 {
		t.Error(calls)
	}
	db.Forget()
	ask()
	if calls != 2 {
		t.Error(calls)
	}
}

func TestErrorsAreNotKept(t *testing.T) {
	db := made(t)
	if _, err := db.Keep("k", func() (any, error) { return nil, errors.New("no") }); err == nil {
		t.Fatal("no error")
	}
	func() {
		defer func() { recover() }()
		db.Keep("k", func() (any, error) { panic("no") })
	}()
	if v, err := db.Keep("k", func() (any, error) { return 1, nil }); v != 1 || err != nil {
		t.Error(v, err)
	}
}
