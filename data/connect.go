package data

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"runtime/debug"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// purpose says what a connection is for.
type purpose int

const (
	reading   purpose = iota // serves reads
	writing                  // serves writes, one transaction after the other
	copying                  // may attach other files, which "vacuum into" does
	migrating                // writes without acting on foreign keys, so that tables can be rebuilt
)

// connector makes the connections to one file.
type connector struct {
	path string
	mode purpose
}

// Driver returns SQLite's driver.
func (connector) Driver() driver.Driver { return &sqlite.Driver{} }

// Connect makes a connection with our settings.
func (c connector) Connect(ctx context.Context) (made driver.Conn, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	wrapped := &conn{path: c.path, stmts: map[string]*stmt{}}
	defer wrapped.guard(debug.SetPanicOnFault(true), &err)
	plain, err := c.Driver().Open(c.dsn())
	if err != nil {
		return nil, err
	}
	full, ok := plain.(raw)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the driver's %T lacks a method", plain), plain.Close())
	}
	if c.mode != copying {
		if err := forbidAttach(plain); err != nil {
			return nil, errors.Join(err, plain.Close())
		}
	}
	wrapped.raw = full
	return wrapped, nil
}

// dsn is the address of the file, with what SQLite should do to each connection first.
// The driver runs busy_timeout first and the others in the order of their names,
// so query_only comes after journal_mode, which may have to write.
func (c connector) dsn() string {
	v := url.Values{"mode": {"rw"}, "_error_rc": {"1"}}
	v["_pragma"] = []string{
		"busy_timeout(5000)",
		"cache_size(-512)",
		"cell_size_check(1)",
		"foreign_keys(1)",
		"journal_mode(wal)",
		"synchronous(full)", // with less, a power cut loses acknowledged writes
		"temp_store(memory)",
		"trusted_schema(0)",
	}
	switch c.mode {
	case reading:
		// Not mode=ro: such a connection cannot make the -shm file nor recover the -wal.
		v.Add("_pragma", "query_only(1)")
	case writing:
		v.Set("_txlock", "immediate")
		v.Add("_pragma", "journal_size_limit(1048576)")
	case migrating:
		v.Set("_txlock", "immediate")
		v["_pragma"][3] = "foreign_keys(0)"
	}
	u := url.URL{Path: c.path}
	return "file:" + u.EscapedPath() + "?" + v.Encode()
}

// forbidAttach keeps a connection from reaching any other file.
// The driver sets limits only through a *sql.Conn. So the connection is lent to a pool of its own,
// which is closed without ever getting the connection back, and therefore leaves it open.
func forbidAttach(plain driver.Conn) error {
	lender := sql.OpenDB(only{plain})
	lent, err := lender.Conn(context.Background())
	if err == nil {
		_, err = sqlite.Limit(lent, sqlite3.SQLITE_LIMIT_ATTACHED, 0)
	}
	return errors.Join(err, lender.Close())
}

// only is a connector that knows one connection.
type only struct{ conn driver.Conn }

func (o only) Connect(context.Context) (driver.Conn, error) { return o.conn, nil }
func (o only) Driver() driver.Driver                        { return &sqlite.Driver{} }
