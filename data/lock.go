package data

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"rowhouse/data/fault"
)

// Lock makes this process the only one to use dir, until unlock, or until it dies.
// If there is another one, the error is a fault.Busy.
func Lock(dir string) (unlock func() error, err error) {
	file, err := os.OpenFile(filepath.Join(dir, "LOCK"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		file.Close()
		return nil, fault.New(fault.Busy, "Another rowhouse is already running on %s.", dir)
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("lock %s: %w", dir, err)
	}
	// The file stays: removing it would let two processes lock two files of this name.
	return file.Close, nil
}
