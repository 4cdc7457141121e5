package record_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"rowhouse/crm/entity"
	"rowhouse/crm/lead"
	"rowhouse/crm/record"
	"rowhouse/crm/staff"
	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

// listStore is a file with the stages New (open, the default), Talking (open) and Won, and whoever may change them.
func listStore(t *testing.T, admin bool) func() *record.Store {
	t.Helper()
	ctx := context.Background()
	dir := t.TempDir()
	db, err := data.Create(ctx, filepath.Join(dir, "crm.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	schema := data.Schema{{Name: "record", Files: record.Schema}, {Name: "staff", Files: staff.Schema}, {Name: "lead", Files: lead.Schema}}
	if err := schema.Migrate(ctx, db, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(ctx, `insert into choice (id, list, label, kind, position, main) values
		(1, 'lead.status', 'New', 'open', 1, 1), (2, 'lead.status', 'Talking', 'open', 1, 0), (3, 'lead.status', 'Won', 'won', 9, 0)`); err != nil {
		t.Fatal(err)
	}
	return func() *record.Store {
		book, err := record.Open(ctx, db, "test", []entity.Entity{lead.Entity})
		if err != nil {
			t.Fatal(err)
		}
		now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
		return &record.Store{DB: db, Book: book, Actor: record.Actor{ID: 1, Admin: admin}, Now: now, Files: filepath.Join(dir, "files"), Look: &ui.Look{Words: ui.English, Now: now, Zone: time.UTC}}
	}
}

func count(t *testing.T, db *data.DB, query string) (n int) {
	t.Helper()
	if err := db.QueryRow(context.Background(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestManyWhoChangeTheDefaultAtOnceLeaveOne(t *testing.T) {
	open := listStore(t, true)
	var all sync.WaitGroup
	for i := range 40 {
		s := open()
		all.Go(func() {
			var err error
			switch i % 4 {
			case 0:
				err = s.MainChoice(context.Background(), 1, true)
			case 1:
				err = s.MainChoice(context.Background(), 2, true)
			case 2:
				err = s.ArchiveChoice(context.Background(), int64(1+i%2), i%8 < 4)
			default:
				err = s.DeleteChoice(context.Background(), 3, 1)
			}
			// A target that was archived a moment ago is refused, too.
			if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Invalid) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s := open()
	if n := count(t, s.DB, `select count(*) from choice where list = 'lead.status' and main = 1 and archived = 0 and kind = 'open'`); n != 1 {
		t.Errorf("%d defaults", n)
	}
	if n := count(t, s.DB, `select count(*) from choice where kind = 'won'`); n != 1 {
		t.Error("the last of its kind is gone")
	}
}

func TestListsFollowFromTheFieldsThatUseThem(t *testing.T) {
	lists := listStore(t, true)().Book.ChoiceLists()
	if len(lists) != 3 || lists[0].Name != "lead.status" || !lists[0].Stages || !lists[0].Required || lists[1].Stages || lists[1].Required {
		t.Errorf("%+v", lists)
	}
}

func TestOnlyAdministratorsChangeLists(t *testing.T) {
	s, ctx := listStore(t, false)(), context.Background()
	for name, err := range map[string]error{"save": s.SaveChoice(ctx, entity.Choice{List: "lead.status", Label: "X", Kind: "open"}), "move": s.MoveChoice(ctx, 1, false),
		"main": s.MainChoice(ctx, 2, true), "archive": s.ArchiveChoice(ctx, 2, true), "delete": s.DeleteChoice(ctx, 2, 1)} {
		if !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAChoiceMovesPastItsNeighbourHoweverThePlacesWere(t *testing.T) {
	open := listStore(t, true)
	if err := open().MoveChoice(context.Background(), 3, true); err != nil {
		t.Fatal(err)
	}
	var order string
	if err := open().DB.QueryRow(context.Background(), `select group_concat(id || ':' || position, ' ' order by position, id) from choice`).Scan(&order); err != nil || order != "1:1 3:2 2:3" {
		t.Errorf("%s %v", order, err)
	}
}
