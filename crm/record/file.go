package record

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rowhouse/crm/entity"
	"rowhouse/data"
	"rowhouse/data/fault"
)

// MaxFile is the largest file that may be attached, in bytes.
const MaxFile = 25 << 20

// File is a file attached to a record. Its content is kept under its hash.
type File struct {
	ID, Size, Author int64
	Name, Hash, Mime string
	At               time.Time
}

// refused are endings of files that run when somebody opens them.
var refused = map[string]bool{".exe": true, ".com": true, ".bat": true, ".cmd": true, ".scr": true, ".msi": true, ".js": true, ".jse": true,
	".vbs": true, ".vbe": true, ".wsf": true, ".ps1": true, ".jar": true, ".hta": true, ".lnk": true, ".apk": true, ".dll": true, ".sh": true, ".php": true,
	".pif": true, ".cpl": true, ".msc": true, ".msp": true, ".reg": true, ".inf": true, ".wsh": true, ".ws": true, ".vb": true, ".scf": true, ".url": true, ".psm1": true,
	".application": true, ".gadget": true, ".appx": true, ".msix": true, ".desktop": true, ".command": true}

// AddFile attaches content to a record that the actor may see. The plan's room is checked inside the transaction.
func (s *Store) AddFile(ctx context.Context, e *entity.Entity, id int64, name string, content io.Reader) error {
	name, err := fileName(name)
	if err != nil {
		return err
	}
	if _, err := s.Get(ctx, e, id); err != nil {
		return err
	}
	f, err := s.store(content, func(size int64) error { return s.hasRoom(ctx, size) })
	if err != nil {
		return fmt.Errorf("store file: %w", err)
	}
	err = s.tx(ctx, func(tx *sql.Tx) error {
		if _, err := s.readTx(ctx, tx, e, id, s.Actor.Right(e).View, "seeing"); err != nil {
			return err
		}
		if err := s.checkRoom(ctx, tx, f.Size); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `insert into file (entity, record, name, size, hash, mime, author, created_at) values (?, ?, ?, ?, ?, ?, ?, ?)`,
			e.Name, id, name, f.Size, f.Hash, f.Mime, s.Actor.ID, s.Now.UnixMilli())
		return err
	})
	if err == nil {
		s.publish(Topic(e, id))
	}
	return err
}

// hasRoom looks before a content is kept, so that what is refused leaves nothing behind; checkRoom decides.
func (s *Store) hasRoom(ctx context.Context, more int64) error {
	return s.DB.Snapshot(ctx, func(tx *sql.Tx) error { return s.checkRoom(ctx, tx, more) })
}

func (s *Store) checkRoom(ctx context.Context, tx *sql.Tx, more int64) error {
	if s.Room < 0 {
		return nil
	}
	used, err := usedRoom(ctx, tx)
	if err == nil && used+more > s.Room {
		return fault.New(fault.Limit, "Your plan includes %s for files, and %s are used. Delete some files or choose a larger plan.", s.Look.Size(s.Room), s.Look.Size(used))
	}
	return err
}

func usedRoom(ctx context.Context, tx *sql.Tx) (n int64, err error) {
	err = tx.QueryRowContext(ctx, `select coalesce(sum(size), 0) from file where deleted_at is null`).Scan(&n)
	return n, err
}

// UsedRoom is how many bytes the tenant's files take.
func (s *Store) UsedRoom(ctx context.Context) (int64, error) {
	n, err := s.DB.Memo("room", func() (any, error) {
		var n int64
		err := s.DB.QueryRow(ctx, `select coalesce(sum(size), 0) from file where deleted_at is null`).Scan(&n)
		return n, err
	})
	if err != nil {
		return 0, err
	}
	return n.(int64), nil
}

// fileName makes a name harmless: the last part of a path, without signs that cannot be seen.
func fileName(name string) (string, error) {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	line, err := entity.Line{Max: 200}.Parse([]string{name}, nil)
	if err != nil {
		return "", err
	}
	name = strings.Trim(line.(string), ". ")
	if name == "" {
		return "", fault.New(fault.Invalid, "Please choose a file.")
	}
	if refused[strings.ToLower(filepath.Ext(name))] {
		return "", fault.New(fault.Invalid, "Files that end in %s are not accepted, as opening one would run it.", filepath.Ext(name))
	}
	return name, nil
}

// store writes content to its place, by hash, if check takes its size, and returns what is known of it.
// Equal contents are kept once.
func (s *Store) store(content io.Reader, check func(size int64) error) (File, error) {
	if err := os.MkdirAll(s.Files, 0o700); err != nil {
		return File{}, err
	}
	tmp, err := os.CreateTemp(s.Files, "upload-*")
	if err != nil {
		return File{}, err
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	sum := sha256.New()
	var head [512]byte
	n, err := io.ReadFull(content, head[:])
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return File{}, err
	}
	size, err := io.Copy(io.MultiWriter(tmp, sum), io.LimitReader(io.MultiReader(bytes.NewReader(head[:n]), content), MaxFile+1))
	if err != nil {
		return File{}, err
	}
	if size > MaxFile {
		return File{}, fault.New(fault.TooLarge, "A file may have at most %s.", s.Look.Size(MaxFile))
	}
	if err := check(size); err != nil {
		return File{}, err
	}
	f := File{Size: size, Hash: hex.EncodeToString(sum.Sum(nil)), Mime: http.DetectContentType(head[:n])}
	if err := tmp.Sync(); err != nil {
		return File{}, err
	}
	to := filepath.Join(s.Files, f.Hash)
	if _, err := os.Lstat(to); errors.Is(err, fs.ErrNotExist) {
		if err := os.Rename(tmp.Name(), to); err != nil {
			return File{}, err
		}
		return f, data.SyncDir(s.Files)
	}
	now := time.Now()
	return f, os.Chtimes(to, now, now) // it is young again: Sweep leaves it until its new row is there
}

// anySize takes a content of any size that a file may have.
func anySize(int64) error { return nil }

// FilesOf returns the files of a record that the caller has read with Get.
func (s *Store) FilesOf(ctx context.Context, e *entity.Entity, id int64) ([]File, error) {
	return s.files(ctx, `where entity = ? and record = ? and deleted_at is null order by id desc limit 200`, e.Name, id)
}

func (s *Store) files(ctx context.Context, rest string, args ...any) ([]File, error) {
	var files []File
	err := each(ctx, s.DB, func(scan func(...any) error) error {
		var f File
		var at int64
		if err := scan(&f.ID, &f.Name, &f.Size, &f.Hash, &f.Mime, &f.Author, &at); err != nil {
			return err
		}
		f.At = time.UnixMilli(at).UTC()
		files = append(files, f)
		return nil
	}, `select id, name, size, hash, mime, author, created_at from file `+rest, args...)
	return files, err
}

// OpenFile returns a file of a record that the actor may see, and its content.
func (s *Store) OpenFile(ctx context.Context, e *entity.Entity, id, file int64) (File, *os.File, error) {
	if _, err := s.Get(ctx, e, id); err != nil {
		return File{}, nil, err
	}
	files, err := s.files(ctx, `where entity = ? and record = ? and id = ? and deleted_at is null`, e.Name, id, file)
	if err != nil {
		return File{}, nil, err
	}
	if len(files) == 0 {
		return File{}, nil, fault.New(fault.Missing, "This file does not exist, or is not for your eyes.")
	}
	root, err := os.OpenRoot(s.Files)
	if err != nil {
		return files[0], nil, err
	}
	defer root.Close()
	content, err := root.Open(files[0].Hash)
	return files[0], content, err
}

// DeleteFile takes a file off a record that the actor may edit. The content stays until the trash is purged.
func (s *Store) DeleteFile(ctx context.Context, e *entity.Entity, id, file int64) error {
	err := s.tx(ctx, func(tx *sql.Tx) error {
		if _, err := s.forEdit(ctx, tx, e, id); err != nil {
			return err
		}
		done, err := tx.ExecContext(ctx, `update file set deleted_at = ? where id = ? and entity = ? and record = ? and deleted_at is null`, s.Now.UnixMilli(), file, e.Name, id)
		return oneRow(done, err, "This file does not exist any more.")
	})
	if err == nil {
		s.publish(Topic(e, id))
	}
	return err
}
