package tenant

import (
	"errors"
	"os"
	"path/filepath"
	"time"
)

// trashStamp is the end of the name of what is in the trash: when it was put there, in UTC.
const trashStamp = "20060102T150405.000"

// trashLife is how long it stays there.
const trashLife = 30 * 24 * time.Hour

// EmptyTrash removes what has been in the trash for 30 days.
func (ts *Tenants) EmptyTrash() error {
	entries, err := os.ReadDir(filepath.Join(ts.Dir, "trash"))
	if err != nil {
		return err
	}
	var failed []error
	for _, e := range entries {
		name := e.Name()
		if len(name) < len(trashStamp) {
			continue
		}
		put, err := time.Parse(trashStamp, name[len(name)-len(trashStamp):])
		if err == nil && ts.Clock.Now().Sub(put) > trashLife {
			failed = append(failed, os.RemoveAll(filepath.Join(ts.Dir, "trash", name)))
		}
	}
	return errors.Join(failed...)
}

// emptyTrashOf removes at once what a tenant has in the trash.
func (ts *Tenants) emptyTrashOf(uid string) error {
	found, err := filepath.Glob(filepath.Join(ts.Dir, "trash", uid+"-*"))
	for _, path := range found {
		err = errors.Join(err, os.RemoveAll(path))
	}
	return err
}
