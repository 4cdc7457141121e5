// Command vendoring fetches the browser packages we use by exact version and
// writes what the server embeds: one minified ES module for each library, the
// sprite of the icons named in icons.txt, the font files and all licences.
// Run it from the root of the repository: go run ./ui/vendoring
package main

import (
	"log"
	"os"
	"os/exec"
	"path/filepath"
)

const (
	served = "ui/static/vendor"
	tested = "ui/vendoring/testdata"
)

// packages are all third-party code that a browser gets from us, and the
// accessibility checker, which only tests use.
var packages = []struct {
	name, version string
	licence       string // the file's name inside the package; "" if it ships none, see turbo.LICENCE
	served        bool
}{
	{"@hotwired/turbo", "8.0.23", "", true},
	{"@hotwired/stimulus", "3.2.2", "LICENSE.md", true},
	{"sortablejs", "1.15.7", "LICENSE", true},
	{"@fontsource-variable/inter", "5.3.0", "LICENSE", true},
	{"lucide-static", "1.62.0", "LICENSE", true},
	{"axe-core", "4.14.1", "LICENSE", false},
}

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	dir, err := os.MkdirTemp("", "vendoring")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := install(dir); err != nil {
		return err
	}
	modules := filepath.Join(dir, "node_modules")
	for _, step := range []func(string) error{bundle, sprite, fonts, licences, checker} {
		if err := step(modules); err != nil {
			return err
		}
	}
	return nil
}

// install runs npm without the packages' own scripts: we only want their files.
func install(dir string) error {
	args := []string{"install", "--prefix", dir, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"}
	for _, p := range packages {
		args = append(args, p.name+"@"+p.version)
	}
	cmd := exec.Command("npm", args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}
