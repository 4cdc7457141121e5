package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rowhouse/data"
)

// card is what a lead is after a write.
type card struct {
	Name    string
	Status  int64
	Version int64
	Notes   int
	Deleted bool
}

// change is a write that was sent and not answered yet. ID is 0 for a new lead.
type change struct {
	ID   int64
	Next card
}

// books are what the clients know: what was acknowledged, and what each has on its way.
type books struct {
	mu    sync.Mutex
	cards map[int64]card
	ways  map[int]change
	acks  map[string]int
	said  error // an answer that is no acknowledgement
}

// client writes to its own leads until the server is gone.
type client struct {
	*books
	n      int
	at     string
	cookie string
	http   *http.Client
	rand   *rand.Rand
	own    []int64
}

func (c *client) run(ctx context.Context) {
	for ctx.Err() == nil {
		if err := c.step(ctx); err != nil {
			return
		}
	}
}

// step sends one write and notes it once it is acknowledged.
func (c *client) step(ctx context.Context) error {
	kind, path, form, next := c.choose()
	c.mu.Lock()
	c.ways[c.n] = next
	c.mu.Unlock()
	status, to, err := c.post(ctx, path, form)
	if err != nil {
		return err // not acknowledged
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if status != http.StatusSeeOther {
		c.said = errors.Join(c.said, fmt.Errorf("%s %v answered %d", path, form, status))
		return c.said
	}
	if next.ID == 0 {
		if next.ID, err = strconv.ParseInt(strings.TrimPrefix(to, "/admin/leads/"), 10, 64); err != nil {
			c.said = err
			return err
		}
	}
	c.cards[next.ID] = next.Next
	c.acks[kind]++
	delete(c.ways, c.n)
	if kind == "create" {
		c.own = append(c.own, next.ID)
	}
	return nil
}

// choose makes up the next write: a new lead, or a change of one of the last few.
func (c *client) choose() (kind, path string, form url.Values, next change) {
	name := fmt.Sprintf("Lead%d of%d", c.rand.Int64(), c.n)
	if len(c.own) == 0 || c.rand.IntN(4) == 0 {
		form := url.Values{"name": {name}, "emails[]": {strings.ReplaceAll(name, " ", ".") + "@kill.example"}, "status": {"1"}}
		return "create", "/admin/leads", form, change{0, card{name, 1, 1, 0, false}}
	}
	at := c.rand.IntN(len(c.own))
	id := c.own[at]
	c.mu.Lock()
	now := c.cards[id]
	c.mu.Unlock()
	path, version := fmt.Sprint("/admin/leads/", id), fmt.Sprint(now.Version)
	switch c.rand.IntN(10) {
	case 0:
		c.own = append(c.own[:at], c.own[at+1:]...)
		now.Deleted, now.Version = true, now.Version+1
		return "delete", path + "/deletion", nil, change{id, now}
	case 1, 2, 3:
		now.Status, now.Version = 1+now.Status%5, now.Version+1
		return "move", path + "/position", url.Values{"value": {fmt.Sprint(now.Status)}, "version": {version}}, change{id, now}
	case 4, 5:
		now.Notes++
		return "note", path + "/notes", url.Values{"body": {"about " + name}}, change{id, now}
	}
	now.Name, now.Version = name, now.Version+1
	return "edit", path, url.Values{"name": {name}, "version": {version}}, change{id, now}
}

func (c *client) post(ctx context.Context, path string, form url.Values) (status int, to string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.at+path, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, "", err
	}
	r.Host = "acme.example.com"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Cookie", c.cookie)
	w, err := c.http.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer w.Body.Close()
	_, err = io.Copy(io.Discard, w.Body)
	return w.StatusCode, w.Header.Get("Location"), err
}

func TestAcknowledgedWritesSurviveAKillAndNoneIsHalfDone(t *testing.T) {
	dir := t.TempDir()
	a := open(t, dir)
	a.found(t, "acme", 0)
	cookie := ""
	for name, value := range a.signIn(t, "acme", "ada@acme.example").cookies {
		cookie = name + "=" + value
	}
	must(t, a.close())
	b := &books{cards: map[int64]card{}, ways: map[int]change{}, acks: map[string]int{}}
	n, cut := rounds(6, 200), 0
	for i := range n {
		cut += b.untilKilled(t, dir, cookie, uint64(i))
		b.compare(t, filepath.Join(dir, "tenants", "acme", data.FileName))
		if t.Failed() {
			t.Fatalf("in round %d", i+1)
		}
	}
	if len(b.cards) < n {
		t.Errorf("only %d leads in %d rounds: the test tries nothing", len(b.cards), n)
	}
	t.Logf("%d rounds, acknowledged %v, %d writes cut in the middle, none lost, none half done", n, b.acks, cut)
}

// untilKilled lets clients write to a server that is killed after a moment. It returns how many writes were on their way.
func (b *books) untilKilled(t *testing.T, dir, cookie string, seed uint64) int {
	cmd, at := serving(t, dir)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	transport := &http.Transport{MaxIdleConnsPerHost: 8}
	defer transport.CloseIdleConnections()
	var group sync.WaitGroup
	for n := range 4 {
		c := &client{books: b, n: n, at: at, cookie: cookie, rand: rand.New(rand.NewPCG(seed, uint64(n))), http: &http.Client{Transport: transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
		group.Go(func() { c.run(ctx) })
	}
	time.Sleep(time.Duration(20+rand.IntN(120)) * time.Millisecond)
	end(cmd)
	group.Wait()
	must(t, b.said)
	return len(b.ways)
}

// compare reads the file as the kill has left it.
func (b *books) compare(t *testing.T, path string) {
	db, err := data.Open(t.Context(), path)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	must(t, db.Verify(t.Context()))
	found := b.read(t, db)
	for id, want := range b.cards {
		if got := found[id]; got != want && !b.onItsWay(change{id, got}) {
			t.Errorf("lead %d is %+v, acknowledged was %+v", id, got, want)
		}
	}
	for id, got := range found {
		if _, known := b.cards[id]; !known && !b.onItsWay(change{0, got}) {
			t.Errorf("lead %d (%+v) was never sent", id, got)
		}
		b.cards[id] = got // what was on its way and has arrived stays
	}
	clear(b.ways)
	whole(t, db)
}

func (b *books) onItsWay(c change) bool {
	for _, way := range b.ways {
		if way == c {
			return true
		}
	}
	return false
}

func (b *books) read(t *testing.T, db *data.DB) map[int64]card {
	rows, err := db.Query(t.Context(), `select id, name, status, version, deleted_at is not null, (select count(*) from note where entity = 'lead' and record = lead.id) from lead`)
	must(t, err)
	defer rows.Close()
	found := map[int64]card{}
	for rows.Next() {
		var id int64
		var c card
		must(t, rows.Scan(&id, &c.Name, &c.Status, &c.Version, &c.Deleted, &c.Notes))
		found[id] = c
	}
	must(t, rows.Err())
	return found
}

// whole checks what one write does in several tables: it is in all of them or in none.
func whole(t *testing.T, db *data.DB) {
	for what, query := range map[string]string{
		"lack entries in the log":        `select count(*) from lead where version <> (select count(*) from activity where entity = 'lead' and record = lead.id)`,
		"cannot be found by their names": `select count(*) from lead where deleted_at is null and not exists (select 1 from lead_search where lead_search match 'title : "' || name || '"' and rowid = lead.id)`,
		"are found after their deletion": `select count(*) from lead_search s join lead on lead.id = s.rowid where deleted_at is not null`,
		"lack the key of their twins":    `select count(*) from lead where (deleted_at is null) <> exists (select 1 from twin where entity = 'lead' and record = lead.id and kind = 'email')`,
		"are found and do not exist":     `select count(*) from lead_search where rowid not in (select id from lead)`,
		"are logged and do not exist":    `select count(*) from activity where entity = 'lead' and record not in (select id from lead)`,
	} {
		var n int
		if err := db.QueryRow(t.Context(), query).Scan(&n); err != nil || n > 0 {
			t.Errorf("%d leads %s %v", n, what, err)
		}
	}
}
