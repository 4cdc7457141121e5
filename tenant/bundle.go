package tenant

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"rowhouse/data"
	"rowhouse/data/fault"
)

// A bundle is a tenant as one file, .tar.gz: manifest.json, crm.db, and files/ by hash.

// bundleLife is how long the link to a bundle works.
const bundleLife = 24 * time.Hour

const manifestName = "manifest.json"

// Manifest says what is in a bundle.
type Manifest struct {
	Rowhouse   int       `json:"rowhouse"` // the form of bundles: 1
	Name       string    `json:"name"`
	Company    string    `json:"company"`
	OwnerName  string    `json:"owner_name"`
	OwnerEmail string    `json:"owner_email"`
	Language   string    `json:"language"`
	Plan       string    `json:"plan"`
	Made       time.Time `json:"made"`
	Size       int64     `json:"size"`   // of crm.db, in bytes
	SHA256     string    `json:"sha256"` // of crm.db
}

// Export writes a tenant as a bundle. Sessions, links, letters on their way and supports' visits are not in it.
func (ts *Tenants) Export(ctx context.Context, name string, out io.Writer) error {
	t, err := ts.ByName(ctx, name)
	if err != nil {
		return err
	}
	if t.State != Active {
		return fault.New(fault.Conflict, "%s is not running.", name)
	}
	work, err := os.MkdirTemp(filepath.Join(ts.Dir, "trash"), "export-")
	if err != nil {
		return err
	}
	return errors.Join(ts.exportFrom(ctx, t, work, out), os.RemoveAll(work))
}

func (ts *Tenants) exportFrom(ctx context.Context, t Tenant, work string, out io.Writer) error {
	db, done, err := ts.Files.Use(ctx, t.Name)
	if err != nil {
		return err
	}
	err = ts.copyHouse(ctx, db, ts.Folder(t.Name), work)
	done()
	if err != nil {
		return err
	}
	path := filepath.Join(work, data.FileName)
	if err := ts.scrubAt(ctx, path); err != nil {
		return err
	}
	sum, size, err := digest(path)
	if err != nil {
		return err
	}
	m, err := json.MarshalIndent(Manifest{1, t.Name, t.Company, t.OwnerName, t.OwnerEmail, t.Language, t.Limits.Plan, ts.Clock.Now().UTC(), size, sum}, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(work, manifestName), m, 0o600); err != nil {
		return err
	}
	return pack(work, out)
}

// scrubAt takes out of a copied file what opens doors.
func (ts *Tenants) scrubAt(ctx context.Context, path string) error {
	db, err := data.Open(ctx, path)
	if err != nil {
		return err
	}
	return errors.Join(ts.CRM.Scrub(ctx, db), db.Close())
}

// digest is the SHA-256 of a file, and its size in bytes.
func digest(path string) (string, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", 0, err
	}
	h := sha256.New()
	n, err := io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), n, errors.Join(err, f.Close())
}

// pack writes a folder as .tar.gz, the manifest first.
func pack(folder string, out io.Writer) error {
	zip := gzip.NewWriter(out)
	archive := tar.NewWriter(zip)
	if err := packFile(archive, folder, manifestName); err != nil {
		return err
	}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil || name == manifestName {
			return err
		}
		return packFile(archive, folder, filepath.ToSlash(name))
	})
	if err != nil {
		return err
	}
	return errors.Join(archive.Close(), zip.Close())
}

func packFile(archive *tar.Writer, folder, name string) error {
	f, err := os.Open(filepath.Join(folder, filepath.FromSlash(name)))
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err == nil {
		err = archive.WriteHeader(&tar.Header{Name: name, Size: info.Size(), Mode: 0o600, ModTime: info.ModTime()})
	}
	if err == nil {
		_, err = io.Copy(archive, f)
	}
	return errors.Join(err, f.Close())
}

// OfferBundle makes a link, without its address, from which a tenant's bundle can be fetched once within a day.
func (ts *Tenants) OfferBundle(ctx context.Context, name, actor string) (secret string, err error) {
	t, err := ts.ByName(ctx, name)
	if err != nil {
		return "", err
	}
	secret = rand.Text() + rand.Text()
	err = ts.DB.Tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `insert into bundle (hash, tenant, actor, expires_at) values (?, ?, ?, ?)`, hashed(secret), t.ID, actor, ts.Clock.Now().Add(bundleLife).UnixMilli())
		if err != nil {
			return fmt.Errorf("offer bundle: %w", err)
		}
		return ts.Audit(ctx, tx, actor, "offer bundle", name, "")
	})
	return secret, err
}

// TakeBundle uses a link up and returns whose bundle it was for.
func (ts *Tenants) TakeBundle(ctx context.Context, secret string) (name string, err error) {
	err = ts.DB.Tx(ctx, func(tx *sql.Tx) error {
		var id, until int64
		var actor string
		err := tx.QueryRowContext(ctx, `delete from bundle where hash = ? returning tenant, actor, expires_at`, hashed(secret)).Scan(&id, &actor, &until)
		if err == nil && until < ts.Clock.Now().UnixMilli() || errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.Gone, "This link has been used or has run out. Please ask for a new one.")
		}
		if err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, `select name from tenant where id = ?`, id).Scan(&name); err != nil {
			return err
		}
		return ts.Audit(ctx, tx, actor, "bundle fetched", name, "")
	})
	return name, err
}

func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
