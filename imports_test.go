package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// line is the order of the folders: each may import those before it, never those after it.
var line = []string{"data", "ui", "tenant", "crm", "billing", "admin", "main.go"}

// rooms is the order inside crm. Its modules stand between entity and the rest and know nothing of one another.
var rooms = []string{"entity", "record", "staff", "custom", "page", "settings"}

// doors says which folder may import a package from outside, and why it was chosen. One door each.
var doors = map[string][]string{
	"modernc.org/sqlite":               {"data"},                                   // the database, without cgo
	"golang.org/x/sys":                 {"data", "main.go"},                        // file locks; limits and free disk for the doctor
	"golang.org/x/text":                {"ui", "ui/pdf", "crm/record"},             // languages of browsers; directions of text; folding of names, encodings of files
	"golang.org/x/crypto":              {"ui/session"},                             // argon2id
	"golang.org/x/image":               {"crm/settings", "ui/pdf", "billing/shop"}, // scaling of logos and of the site's pictures, WebP; the numbers of the shaper
	"github.com/go-text/typesetting":   {"ui/pdf"},                                 // shapes Arabic, Hebrew and Hindi
	"github.com/stripe/stripe-go":      {"billing/stripe"},                         // cards
	"github.com/nicksnyder/go-i18n":    {"ui"},                                     // messages and plurals
	"github.com/go-playground/locales": {"ui"},                                     // dates in the reader's language
	"github.com/pquerna/otp":           {"ui/session"},                             // second factor
	"rsc.io/qr":                        {"ui/session"},                             // its picture
	"github.com/wneessen/go-mail":      {"ui/mail"},                                // SMTP
	"github.com/spf13/pflag":           {"main.go"},                                // flags
	"github.com/robfig/cron":           {"main.go"},                                // the timer
	"github.com/pocketbase":            {"admin/office"},                           // operators' accounts, the read-only look at the host's tables
	"github.com/evanw/esbuild":         {"ui/vendoring"},                           // bundles browser packages, not part of the product
}

func folderOf(path string) string {
	if !strings.Contains(path, "/") {
		return "main.go"
	}
	return path[:strings.LastIndexByte(path, '/')]
}

func TestImportsFollowTheLine(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		folder := folderOf(filepath.ToSlash(path))
		for _, i := range f.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			if ours, ok := strings.CutPrefix(name, "rowhouse/"); ok {
				checkLine(t, path, folder, ours)
			} else if strings.Contains(strings.Split(name, "/")[0], ".") {
				checkDoor(t, path, folder, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkLine(t *testing.T, path, folder, to string) {
	from, at := strings.Split(folder, "/")[0], strings.Split(to, "/")[0]
	if slices.Index(line, at) > slices.Index(line, from) {
		t.Errorf("%s imports %s, which comes after %s", path, to, from)
	}
	if from != "crm" || at != "crm" || folder == "crm" {
		return
	}
	inner, outer := strings.TrimPrefix(folder, "crm/"), strings.TrimPrefix(to, "crm/")
	i, j := slices.Index(rooms, inner), slices.Index(rooms, outer)
	switch {
	case i < 0 && outer != "entity":
		t.Errorf("%s: the module %s imports %s; modules know only crm/entity", path, inner, to)
	case i >= 0 && (j < 0 || j > i):
		t.Errorf("%s imports %s, which comes after %s", path, to, folder)
	}
}

func checkDoor(t *testing.T, path, folder, name string) {
	for outside, allowed := range doors {
		if name == outside || strings.HasPrefix(name, outside+"/") {
			if !slices.Contains(allowed, folder) {
				t.Errorf("%s imports %s; its doors are %v", path, name, allowed)
			}
			return
		}
	}
	t.Errorf("%s imports %s, which has no door", path, name)
}
