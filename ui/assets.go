package ui

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

//go:embed static
var static embed.FS

// Assets serves what browsers load beside the pages. The sheet app.css is all of static/css in the order of the names.
func Assets() http.Handler {
	files := map[string]asset{}
	var sheet bytes.Buffer
	err := fs.WalkDir(static, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := static.ReadFile(name)
		if strings.HasPrefix(name, "static/css/") {
			sheet.Write(b)
		}
		files["/"+name] = newAsset(name, b)
		return err
	})
	if err != nil {
		panic(err) // the files are in the binary
	}
	files["/static/app.css"] = newAsset("app.css", sheet.Bytes())
	return Handler(func(w http.ResponseWriter, r *http.Request) error {
		a, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return nil
		}
		h := w.Header()
		h.Set("ETag", a.tag)
		h.Set("Cache-Control", "public, max-age=3600")
		h.Set("Content-Type", a.kind)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(a.content))
		return nil
	})
}

type asset struct {
	content   []byte
	tag, kind string
}

var kinds = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
	".woff2": "font/woff2", ".webp": "image/webp", ".png": "image/png", ".txt": "text/plain; charset=utf-8"}

func newAsset(name string, b []byte) asset {
	sum := sha256.Sum256(b)
	kind := kinds[path.Ext(name)]
	if kind == "" {
		kind = "text/plain; charset=utf-8"
	}
	return asset{b, `"` + hex.EncodeToString(sum[:8]) + `"`, kind}
}

// BrandSheet serves /brand.css: the one number that colours a site.
func BrandSheet(w http.ResponseWriter, r *http.Request) {
	hue, err := strconv.Atoi(r.FormValue("h"))
	if err != nil || hue < 0 || hue > 360 {
		hue = 272
	}
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	fmt.Fprintf(w, ":root{--h:%d}\n", hue)
}
