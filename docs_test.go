package main

import (
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
)

var (
	inCode = regexp.MustCompile("(?s)```[a-z]*\n(.*?)```|`([^`\n]+)`")
	links  = regexp.MustCompile(`\]\(([^)#]+)\)`)
	path   = regexp.MustCompile(`^[a-zA-Z_.][\w./-]*(/|\.(go|md|sql|css|js|html|webp))$|^[a-z]+/[\w./-]+$`)
)

// made are paths that exist only where the program runs.
var made = regexp.MustCompile(`^(host/|tenants/|backups/|trash/|var/|crm\.db|files/|http)`)

// TestTheGuidesNameOnlyWhatExists finds paths, commands and flags in the guides that are not there.
func TestTheGuidesNameOnlyWhatExists(t *testing.T) {
	for _, guide := range []string{"README.md", "CONTRIBUTING.md"} {
		b, err := os.ReadFile(guide)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range links.FindAllStringSubmatch(string(b), -1) {
			exists(t, guide, m[1])
		}
		for _, m := range inCode.FindAllStringSubmatch(string(b), -1) {
			for _, l := range strings.Split(m[1]+m[2], "\n") {
				checkLineOfGuide(t, guide, strings.TrimSpace(l))
			}
		}
	}
}

func checkLineOfGuide(t *testing.T, guide, l string) {
	words := strings.Fields(strings.TrimPrefix(strings.TrimPrefix(l, "./"), "go run . "))
	if len(words) == 0 {
		return
	}
	if words[0] == "rowhouse" || strings.HasPrefix(l, "go run . ") {
		if words[0] == "rowhouse" {
			words = words[1:]
		}
		checkCommand(t, guide, words)
		return
	}
	if path.MatchString(words[0]) && len(words) == 1 {
		exists(t, guide, words[0])
	}
}

func exists(t *testing.T, guide, name string) {
	if made.MatchString(name) {
		return
	}
	if _, err := os.Stat(strings.TrimSuffix(name, "/")); err != nil {
		t.Errorf("%s names %s, which does not exist", guide, name)
	}
}

// checkCommand asks a command for its help and looks for the flags that the guide uses.
func checkCommand(t *testing.T, guide string, words []string) {
	if len(words) == 0 || strings.HasPrefix(words[0], "--") {
		return
	}
	args := []string{words[0]}
	if (words[0] == "tenant" || words[0] == "operator") && len(words) > 1 && !strings.HasPrefix(words[1], "-") {
		args = append(args, words[1])
	}
	var out, errs strings.Builder
	if code := run(t.Context(), append(args, "--help"), &out, &errs); code != 0 {
		t.Errorf("%s names the command %q: %s", guide, strings.Join(args, " "), errs.String())
	}
	for _, w := range words {
		if strings.HasPrefix(w, "--") && w != "--help" && !strings.Contains(out.String(), strings.SplitN(w, "=", 2)[0]) {
			t.Errorf("%s uses %s of %q, which has no such flag", guide, w, strings.Join(args, " "))
		}
	}
}

// TestEveryCommandHasHelpAndRefusesWrongWords asks all of them.
func TestEveryCommandHasHelpAndRefusesWrongWords(t *testing.T) {
	for _, c := range commands {
		var out, errs strings.Builder
		if code := run(t.Context(), []string{c.name, "--help"}, &out, &errs); code != 0 || !strings.Contains(out.String(), "Usage") {
			t.Errorf("%s --help: exit %d, %s", c.name, code, out.String())
		}
		if code := run(t.Context(), []string{c.name, "--no-such-flag"}, io.Discard, &errs); code != 2 {
			t.Errorf("%s --no-such-flag: exit %d", c.name, code)
		}
	}
	for _, c := range tenantCommands {
		var out strings.Builder
		if code := run(t.Context(), []string{"tenant", c.name, "--help"}, &out, io.Discard); code != 0 || !strings.Contains(out.String(), "Usage") {
			t.Errorf("tenant %s --help: exit %d", c.name, code)
		}
	}
	for _, c := range operatorCommands {
		var out strings.Builder
		if code := run(t.Context(), []string{"operator", c.name, "--help"}, &out, io.Discard); code != 0 || !strings.Contains(out.String(), "Usage") {
			t.Errorf("operator %s --help: exit %d", c.name, code)
		}
	}
	if code := run(t.Context(), []string{"nonsense"}, io.Discard, io.Discard); code != 2 {
		t.Error("an unknown command exits with", code)
	}
}
