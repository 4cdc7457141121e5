package settings

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"rowhouse/data/fault"
	"rowhouse/tenant"
)

// Logo serves GET /logo/{hash} to everybody: the page on which people sign in shows it. Of the tenant's files it
// serves the one that the setting names, and no other.
func Logo(w http.ResponseWriter, r *http.Request) error {
	site := tenant.Of(r)
	hash, err := logoOf(r.Context(), site)
	if err == nil && (hash == "" || hash != r.PathValue("hash")) {
		err = fs.ErrNotExist
	}
	if err != nil {
		return notThere(err)
	}
	root, err := os.OpenRoot(filepath.Join(site.Folder, "files"))
	if err != nil {
		return notThere(err)
	}
	defer root.Close()
	content, err := root.Open(hash)
	if err != nil {
		return notThere(err)
	}
	defer content.Close()
	h := w.Header()
	h.Set("Content-Type", "image/png")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}

// logoOf is the name of the site's logo among its files, or nothing.
func logoOf(ctx context.Context, site tenant.Site) (string, error) {
	named, err := site.DB.Memo("logo", func() (any, error) {
		var hash string
		err := site.DB.QueryRow(ctx, `select coalesce((select value from setting where key = 'brand.logo'), '')`).Scan(&hash)
		return hash, err
	})
	if err != nil {
		return "", fmt.Errorf("name of the logo: %w", err)
	}
	return named.(string), nil
}

// notThere says the same of every file that is not to be had.
func notThere(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Missing, "Nothing is at this address.")
	}
	return err
}
