package tenant

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"

	"rowhouse/data"
	"rowhouse/data/fault"
)

const (
	mostManifest = 64 << 10
	mostFiles    = 1_000_000
)

var hashShape = regexp.MustCompile(`^files/([0-9a-f]{64})$`)

// Import makes a tenant of a bundle. An empty name is the one that the tenant had. Nothing of the bundle is trusted: what does not
// belong into one is refused, and nothing is left behind then.
func (ts *Tenants) Import(ctx context.Context, bundle io.Reader, name, actor string) (Manifest, error) {
	zip, err := gzip.NewReader(bundle)
	if err != nil {
		return Manifest{}, errNoBundle(err)
	}
	archive := tar.NewReader(zip)
	m, err := readManifest(archive)
	if err != nil {
		return m, err
	}
	if name != "" {
		m.Name = name
	}
	o := Order{Name: m.Name, Company: m.Company, OwnerName: m.OwnerName, OwnerEmail: m.OwnerEmail, Language: m.Language,
		Limits: Limits{Plan: m.Plan, Staff: Unlimited, Room: Unlimited}}
	return m, ts.admit(ctx, o, actor, "import", func(folder string) error { return unpack(archive, folder, m) })
}

func errNoBundle(err error) error {
	return fault.Because(err, fault.Invalid, "This is no bundle of a tenant.")
}

// readManifest reads what must come first.
func readManifest(archive *tar.Reader) (m Manifest, err error) {
	h, err := archive.Next()
	if err != nil || h.Name != manifestName || h.Size > mostManifest {
		return m, errNoBundle(err)
	}
	if err := json.NewDecoder(archive).Decode(&m); err != nil {
		return m, errNoBundle(err)
	}
	if m.Rowhouse != 1 {
		return m, fault.New(fault.Invalid, "This bundle was made by a newer program. Please update this one first.")
	}
	if m.Company == "" || len([]rune(m.Company)) > 100 || m.OwnerEmail == "" || len(m.OwnerEmail) > 254 || len([]rune(m.OwnerName)) > 200 || m.Size <= 0 {
		return m, errNoBundle(nil)
	}
	return m, nil
}

// unpack writes the rest of a bundle into a new folder, and checks each file against its hash.
func unpack(archive *tar.Reader, folder string, m Manifest) error {
	if err := os.MkdirAll(filepath.Join(folder, "files"), 0o700); err != nil {
		return err
	}
	whole := false
	for range mostFiles {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			if !whole {
				return errNoBundle(nil)
			}
			return data.SyncDir(filepath.Join(folder, "files"))
		}
		if err != nil {
			return errNoBundle(err)
		}
		want := m.SHA256
		match := hashShape.FindStringSubmatch(h.Name)
		switch {
		case h.Typeflag != tar.TypeReg:
			return fault.New(fault.Invalid, "The bundle holds something that is no file.")
		case h.Name == data.FileName && h.Size == m.Size && !whole:
			whole = true
		case match != nil:
			want = match[1]
		default:
			return fault.New(fault.Invalid, "The bundle holds %q, which does not belong into one.", h.Name)
		}
		if err := unpackFile(archive, filepath.Join(folder, filepath.FromSlash(h.Name)), h.Size, want); err != nil {
			return err
		}
	}
	return fault.New(fault.TooLarge, "The bundle holds too many files.")
}

func unpackFile(archive io.Reader, path string, size int64, want string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.CopyN(f, archive, size)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if got, _, err := digest(path); err != nil || got != want {
		return fault.Because(err, fault.Invalid, "The bundle is damaged: %s is not what it was.", filepath.Base(path))
	}
	return nil
}
