package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// sprite joins the icons of icons.txt as symbols; colour and line width come
// from the page (class i).
func sprite(modules string) error {
	list, err := os.ReadFile("ui/vendoring/icons.txt")
	if err != nil {
		return err
	}
	var out bytes.Buffer
	out.WriteString(`<svg xmlns="http://www.w3.org/2000/svg">` + "\n")
	for _, name := range strings.Fields(string(list)) {
		svg, err := os.ReadFile(filepath.Join(modules, "lucide-static/icons", name+".svg"))
		if err != nil {
			return err
		}
		m := inner.FindSubmatch(svg)
		if m == nil {
			return fmt.Errorf("icon %s has no drawing", name)
		}
		fmt.Fprintf(&out, `<symbol id="i-%s" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round">%s</symbol>`+"\n",
			name, strings.Join(strings.Fields(string(m[1])), " "))
	}
	out.WriteString("</svg>\n")
	return os.WriteFile(filepath.Join(served, "icons.svg"), out.Bytes(), 0o644)
}

var inner = regexp.MustCompile(`(?s)<svg[^>]*>(.*)</svg>`)

// subsets are the parts of Inter we serve; css/15-font.css says which
// characters make a browser ask for which file.
var subsets = []string{"latin", "latin-ext", "cyrillic", "greek"}

func fonts(modules string) error {
	for _, s := range subsets {
		from := filepath.Join(modules, "@fontsource-variable/inter/files/inter-"+s+"-wght-normal.woff2")
		if err := copyFile(from, filepath.Join(served, "inter-"+s+".woff2")); err != nil {
			return err
		}
	}
	return nil
}

func licences(modules string) error {
	var out bytes.Buffer
	for _, p := range packages {
		if !p.served {
			continue
		}
		from := filepath.Join(modules, p.name, p.licence)
		if p.licence == "" {
			from = "ui/vendoring/turbo.LICENCE"
		}
		text, err := os.ReadFile(from)
		if err != nil {
			return err
		}
		fmt.Fprintf(&out, "%s %s\n%s\n\n%s\n\n\n", p.name, p.version, strings.Repeat("=", len(p.name)+len(p.version)+1), bytes.TrimSpace(text))
	}
	return os.WriteFile(filepath.Join(served, "LICENCES"), out.Bytes(), 0o644)
}

func checker(modules string) error {
	if err := copyFile(filepath.Join(modules, "axe-core/axe.min.js"), filepath.Join(tested, "axe.min.js")); err != nil {
		return err
	}
	return copyFile(filepath.Join(modules, "axe-core/LICENSE"), filepath.Join(tested, "axe.LICENSE"))
}

func copyFile(from, to string) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o644)
}
