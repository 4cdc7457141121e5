package settings

import (
	"database/sql"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rowhouse/data/fault"
	"rowhouse/tenant"
)

// Logo serves GET /logo/{hash} to everybody: the page on which people sign in shows it. Of the tenant's files it
// serves the one that the setting names, and no other.
func Logo(w http.ResponseWriter, r *http.Request) error {
	site := tenant.Of(r)
	hash := r.PathValue("hash")
	named, err := site.DB.Memo("logo", func() (any, error) {
		var named string
		err := site.DB.QueryRow(r.Context(), `select value from setting where key = 'brand.logo'`).Scan(&named)
		return named, err
	})
	missing := fault.New(fault.Missing, "Nothing is at this address.")
	if errors.Is(err, sql.ErrNoRows) || (err == nil && (hash == "" || hash != named.(string))) {
		return missing
	}
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(filepath.Join(site.Folder, "files"))
	if errors.Is(err, fs.ErrNotExist) {
		return missing
	}
	if err != nil {
		return err
	}
	defer root.Close()
	content, err := root.Open(hash)
	if errors.Is(err, fs.ErrNotExist) {
		return missing
	}
	if err != nil {
		return err
	}
	defer content.Close()
	h := w.Header()
	h.Set("Content-Type", "image/png")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", `"`+strings.ToLower(hash)+`"`)
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}
