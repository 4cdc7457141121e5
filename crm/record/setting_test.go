package record_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rowhouse/crm/record"
	"rowhouse/data/fault"
)

func TestSettingsAreKeptAllOrNoneAndOnlyChangesAreLogged(t *testing.T) {
	open, ctx := listStore(t, true), context.Background()
	if err := open().SetSettings(ctx, map[string]string{"zone": "UTC", "currency": strings.Repeat("x", record.MaxSetting+1)}); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
	if n := count(t, open().DB, `select count(*) from setting`); n != 0 {
		t.Error("half of it was kept")
	}
	for range 2 {
		if err := open().SetSettings(ctx, map[string]string{"zone": "UTC", "currency": "INR"}); err != nil {
			t.Fatal(err)
		}
	}
	s := open()
	if n := count(t, s.DB, `select count(*) from activity where act = 'settings changed'`); n != 1 || s.Book.Currency != "INR" {
		t.Errorf("%d entries, %s", n, s.Book.Currency)
	}
	if err := listStore(t, false)().SetSettings(ctx, map[string]string{"zone": "UTC"}); !fault.Is(err, fault.Denied) {
		t.Error(err)
	}
}

func TestAPictureIsKeptUnderItsHash(t *testing.T) {
	open, ctx := listStore(t, true), context.Background()
	if err := open().SetPicture(ctx, "brand.logo", bytes.NewReader([]byte("picture"))); err != nil {
		t.Fatal(err)
	}
	s := open()
	b, err := os.ReadFile(filepath.Join(s.Files, s.Book.Settings["brand.logo"]))
	if err != nil || string(b) != "picture" {
		t.Errorf("%q %v", b, err)
	}
	other := listStore(t, false)()
	if err := other.SetPicture(ctx, "brand.logo", bytes.NewReader([]byte("picture"))); !fault.Is(err, fault.Denied) {
		t.Error(err)
	}
	if _, err := os.Stat(other.Files); err == nil {
		t.Error("a file was written for somebody who may not")
	}
}
