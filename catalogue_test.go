package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rowhouse/ui"
)

var inTemplates = regexp.MustCompile(`\.(T|N) "((?:[^"\\]|\\.)*)"(?: "((?:[^"\\]|\\.)*)")?`)

// spoken are the calls whose argument at the place is a sentence that people read.
var spoken = map[string]int{"T": 0, "New": 1, "Because": 2, "Add": 1}

// labels are the fields of descriptions that people read.
var labels = []string{"Label", "One", "Many", "Group", "Section", "Hint", "Format", "Subject", "Body"}

// messages are all sentences in the source that go through the catalogue.
func messages(t *testing.T) []string {
	t.Helper()
	found := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		switch {
		case strings.HasSuffix(path, ".html"):
			b, err := os.ReadFile(path)
			for _, m := range inTemplates.FindAllStringSubmatch(string(b), -1) {
				if m[1] == "N" { // the plural is the key of both
					m[2] = m[3]
				}
				found[unescape(m[2])] = true
			}
			return err
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") && !strings.HasPrefix(path, "data/") && strings.Contains(path, "/"):
			return inSource(path, found)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	delete(found, "")
	return slices.Sorted(maps.Keys(found))
}

func unescape(s string) string {
	if u, err := strconv.Unquote(`"` + s + `"`); err == nil {
		return u
	}
	return s
}

func inSource(path string, found map[string]bool) error {
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		return err
	}
	take := func(e ast.Expr) {
		if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil && strings.ContainsAny(s, "abcdefghijklmnopqrstuvwxyz") {
				found[s] = true
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.CallExpr:
			if sel, ok := x.Fun.(*ast.SelectorExpr); ok {
				if i, ok := spoken[sel.Sel.Name]; ok && i < len(x.Args) {
					take(x.Args[i])
				}
				if sel.Sel.Name == "N" && len(x.Args) == 3 {
					take(x.Args[1])
				}
			}
		case *ast.KeyValueExpr:
			if key, ok := x.Key.(*ast.Ident); ok && slices.Contains(labels, key.Name) {
				take(x.Value)
			}
		}
		return true
	})
	return nil
}

// TestTranslationsKnowEveryMessage compares the catalogues with the source. A language is offered only when it is whole.
func TestTranslationsKnowEveryMessage(t *testing.T) {
	all := messages(t)
	if len(all) < 400 {
		t.Fatalf("only %d messages were found in the source", len(all))
	}
	if at := os.Getenv("ROWHOUSE_MESSAGES"); at != "" { // for translators
		b, err := json.MarshalIndent(all, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range ui.Languages[1:] {
		b, err := os.ReadFile("ui/words/" + l.Tag + ".json")
		if err != nil {
			t.Fatal(err)
		}
		known := map[string]any{}
		if err := json.Unmarshal(b, &known); err != nil {
			t.Fatal(err)
		}
		missing := 0
		for _, m := range all {
			if known[m] == nil {
				if missing++; missing <= 20 {
					t.Errorf("%s lacks %q", l.Tag, m)
				}
			}
			if s, ok := known[m].(string); ok && strings.Count(s, "%") != strings.Count(m, "%") {
				t.Errorf("%s: %q has other values than %q", l.Tag, s, m)
			}
		}
		if missing > 20 {
			t.Errorf("%s lacks %d messages", l.Tag, missing)
		}
	}
}
