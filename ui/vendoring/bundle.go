package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

// entries are the modules we serve, by the name under which pages import them.
var entries = map[string]string{
	"turbo.js":    "@hotwired/turbo/dist/turbo.es2017-esm.js",
	"stimulus.js": "@hotwired/stimulus/dist/stimulus.js",
	"sortable.js": "sortablejs/modular/sortable.esm.js",
}

func bundle(modules string) error {
	for name, path := range entries {
		res := api.Build(api.BuildOptions{
			EntryPoints:       []string{filepath.Join(modules, path)},
			Outfile:           filepath.Join(served, name),
			Bundle:            true,
			Format:            api.FormatESModule,
			Target:            api.ES2022,
			MinifyWhitespace:  true,
			MinifyIdentifiers: true,
			MinifySyntax:      true,
			LegalComments:     api.LegalCommentsInline,
			Plugins:           []api.Plugin{noInlineStyle},
			Write:             true,
			LogLevel:          api.LogLevelWarning,
		})
		if len(res.Errors) > 0 {
			return fmt.Errorf("bundling %s failed", name)
		}
	}
	return nil
}

// noInlineStyle takes out the line with which Turbo adds a <style> for its
// progress bar as soon as it is loaded. Our policy refuses inline styles, and
// the page has a bar of its own (html[aria-busy]).
var noInlineStyle = api.Plugin{Name: "no-inline-style", Setup: func(b api.PluginBuild) {
	b.OnLoad(api.OnLoadOptions{Filter: `turbo\.es2017-esm\.js$`}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
		src, err := os.ReadFile(a.Path)
		if err != nil {
			return api.OnLoadResult{}, err
		}
		line := []byte("this.installStylesheetElement();")
		if bytes.Count(src, line) != 1 {
			return api.OnLoadResult{}, fmt.Errorf("%s: the progress bar's style is not where it was", a.Path)
		}
		text := string(bytes.Replace(src, line, nil, 1))
		return api.OnLoadResult{Contents: &text, Loader: api.LoaderJS}, nil
	})
}}
