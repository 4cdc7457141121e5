package record_test

import (
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rowhouse/crm/record"
	"rowhouse/data/fault"
)

func TestNamesOfFilesAreMadeHarmless(t *testing.T) {
	c := newCompany(t)
	e, id, ctx := c.entity("lead"), c.make(ada, "lead", "name", "X"), t.Context()
	for name, want := range map[string]string{"a.txt": "a.txt", "../../etc/passwd": "passwd", `C:\Users\x\a.pdf`: "a.pdf", "/a/b/c.png": "c.png", "a\x00b.txt": "ab.txt", "inv\u202efdp.txt": "invfdp.txt", "a\nb.txt": "a b.txt", " .hidden. ": "hidden", "invoice.exe.pdf": "invoice.exe.pdf",
		strings.Repeat("ü", 196) + ".txt": strings.Repeat("ü", 196) + ".txt", `<img src=x onerror=alert(1)>.svg`: "<img src=x onerror=alert(1)>.svg", "日本.html": "日本.html"} {
		if err := c.as(ada).AddFile(ctx, e, id, name, strings.NewReader(name)); err != nil {
			t.Errorf("%q: %v", name, err)
			continue
		}
		files, err := c.as(ada).FilesOf(ctx, e, id)
		if err != nil || files[0].Name != want {
			t.Errorf("%q is kept as %q (%v)", name, files[0].Name, err)
		}
	}
	before := c.count(`select count(*) from file`)
	for _, name := range []string{"", ".", "..", "../..", "/", "\u202e", "\x00", strings.Repeat("a", 300) + ".txt", "a.exe", "A.EXE", "a.exe.", "a.exe ", "a.exe . .", "a.pdf.exe", "a.exe\u200b", "a.exe\u202e", "a.ex\x00e", "x.sh", "x.PS1", "x.lnk", "x.scr", "x.pif", "x.url", "x.jar"} {
		c.is(c.as(ada).AddFile(ctx, e, id, name, strings.NewReader("x")), fault.Invalid, fmt.Sprintf("%q", name))
	}
	if c.count(`select count(*) from file`) != before {
		t.Error("a refused file was kept")
	}
}

func TestEqualFilesAreKeptOnceAndNobodyElseOpensThem(t *testing.T) {
	c := newCompany(t)
	e, ctx := c.entity("lead"), t.Context()
	one, two := c.make(ada, "lead", "name", "One"), c.make(ada, "lead", "name", "Two")
	for _, id := range []int64{one, two} {
		if err := c.as(ada).AddFile(ctx, e, id, "a.txt", strings.NewReader("same")); err != nil {
			t.Fatal(err)
		}
	}
	list, err := os.ReadDir(filepath.Join(c.dir, "files"))
	if err != nil || len(list) != 1 {
		t.Errorf("%v %v", list, err)
	}
	files, _ := c.as(ada).FilesOf(ctx, e, one)
	f, content, err := c.as(ada).OpenFile(ctx, e, one, files[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(content)
	content.Close()
	if string(b) != "same" || err != nil || f.Size != 4 {
		t.Errorf("%q %v", b, err)
	}
	_, _, err = c.as(ada).OpenFile(ctx, e, two, files[0].ID)
	c.is(err, fault.Missing, "by way of another record")
	_, _, err = c.as(ada).OpenFile(ctx, c.entity("contact"), one, files[0].ID)
	c.is(err, fault.Missing, "by way of another entity")
	_, _, err = c.as(eve).OpenFile(ctx, e, one, files[0].ID)
	c.is(err, fault.Missing, "of a hidden record")
	c.is(c.as(eve).AddFile(ctx, e, one, "a.txt", strings.NewReader("hers")), fault.Missing, "on a hidden record")
	c.is(c.as(bob).DeleteFile(ctx, e, one, files[0].ID), fault.Denied, "somebody else's")
	if err := c.as(ada).DeleteFile(ctx, e, one, files[0].ID); err != nil {
		t.Fatal(err)
	}
	_, _, err = c.as(ada).OpenFile(ctx, e, one, files[0].ID)
	c.is(err, fault.Missing, "deleted")
	c.is(c.as(ada).DeleteFile(ctx, e, one, files[0].ID), fault.Missing, "deleted twice")
	if list, _ := os.ReadDir(filepath.Join(c.dir, "files")); len(list) != 1 {
		t.Error("a content is gone that another record has:", list)
	}
}

func TestTheRoomOfThePlanHoldsAgainstManyAtOnce(t *testing.T) {
	c := newCompany(t)
	c.room = 1000
	e, id := c.entity("lead"), c.make(ada, "lead", "name", "X")
	if err := c.as(ada).AddFile(t.Context(), e, id, "first.txt", strings.NewReader(strings.Repeat("a", 900))); err != nil {
		t.Fatal(err)
	}
	var in atomic.Int64
	var all sync.WaitGroup
	for i := range 20 {
		s := c.as(ada)
		all.Go(func() {
			err := s.AddFile(context.Background(), e, id, fmt.Sprint(i, ".txt"), strings.NewReader(fmt.Sprint(i)+strings.Repeat("b", 98)))
			if err == nil {
				in.Add(1)
			} else if !fault.Is(err, fault.Limit) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if in.Load() != 1 || c.count(`select sum(size) from file`) > 1000 {
		t.Errorf("%d files of 98 bytes fit into 100", in.Load())
	}
	before, _ := os.ReadDir(filepath.Join(c.dir, "files"))
	for i := range 5 {
		c.is(c.as(ada).AddFile(t.Context(), e, id, "more.txt", strings.NewReader(fmt.Sprint(i, strings.Repeat("c", 200)))), fault.Limit, "full")
	}
	if after, _ := os.ReadDir(filepath.Join(c.dir, "files")); len(after) != len(before) {
		t.Errorf("refused files take room: %d, %d", len(before), len(after))
	}
	c.room = -1
	c.is(c.as(ada).AddFile(t.Context(), e, id, "big.txt", io.LimitReader(zeros{}, record.MaxFile+10)), fault.TooLarge, "endless")
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }

func TestPagesHearOfChangesInTheirOwnHouseOnly(t *testing.T) {
	c := newCompany(t)
	listen := func(house, topics string) func() string {
		ctx, cancel := context.WithCancel(context.Background())
		w := httptest.NewRecorder()
		done := make(chan error)
		r := httptest.NewRequest("GET", "/admin/live?topics="+topics, nil).WithContext(ctx)
		go func() { done <- c.hub.Serve(w, r, house, 1, nil, func() bool { return true }) }()
		return func() string {
			time.Sleep(60 * time.Millisecond)
			cancel()
			if err := <-done; err != nil {
				t.Error(err)
			}
			return w.Body.String()
		}
	}
	home, record7, elsewhere, others := listen("h", "lead"), listen("h", "lead-1"), listen("other", "lead+lead-1"), listen("h", "customer+contact-1")
	time.Sleep(20 * time.Millisecond)
	id := c.make(ada, "lead", "name", "X")
	if _, _, err := c.as(ada).AddNote(t.Context(), c.entity("lead"), id, "Hello"); err != nil {
		t.Fatal(err)
	}
	if got := home(); strings.Count(got, "data:") != 1 || !strings.Contains(got, `data: {"topic":"lead","request":"r1"}`) {
		t.Error(got)
	}
	if got := record7(); strings.Count(got, `{"topic":"lead-1","request":"r1"}`) != 1 {
		t.Error(got)
	}
	for _, got := range []string{elsewhere(), others()} {
		if strings.Contains(got, "data:") {
			t.Error("somebody else hears of it:", got)
		}
	}
}

func TestOnePersonCannotOpenEveryStream(t *testing.T) {
	c := newCompany(t)
	ctx, cancel := context.WithCancel(context.Background())
	var all sync.WaitGroup
	var refused atomic.Int64
	for range 12 {
		all.Go(func() {
			err := c.hub.Serve(httptest.NewRecorder(), httptest.NewRequest("GET", "/admin/live?topics=lead", nil).WithContext(ctx), "h", 1, nil, func() bool { return true })
			if fault.Is(err, fault.TooMany) {
				refused.Add(1)
			}
		})
	}
	time.Sleep(50 * time.Millisecond)
	if refused.Load() != 4 {
		t.Errorf("%d of 12 streams were refused", refused.Load())
	}
	err := c.hub.Serve(httptest.NewRecorder(), httptest.NewRequest("GET", "/admin/live?topics="+strings.Repeat("x+", 30), nil), "h", 2, nil, func() bool { return true })
	c.is(err, fault.Invalid, "thirty topics")
	cancel()
	all.Wait()
}
