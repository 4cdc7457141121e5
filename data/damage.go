package data

import (
	"errors"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// errDamaged is what is wrong with a file that SQLite itself has no error for.
var errDamaged = errors.New("the file is damaged")

// code returns SQLite's extended result code of an error, 0 if it has none.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// Damaged tells whether err means that the file cannot be trusted or reached any more,
// so that a person has to look at it.
func Damaged(err error) bool {
	if errors.Is(err, errDamaged) {
		return true
	}
	if Full(err) {
		return false
	}
	switch code(err) & 0xff {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT,
		sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR:
		return true
	}
	return false
}

// Full tells whether err means that the disk has no room left.
func Full(err error) bool {
	n := code(err)
	return n&0xff == sqlite3.SQLITE_FULL || n == sqlite3.SQLITE_IOERR_SHMSIZE
}

// Unique tells whether err means that there is such a row already.
func Unique(err error) bool {
	switch code(err) {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return true
	}
	return false
}
