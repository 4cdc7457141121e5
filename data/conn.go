package data

import (
	"context"
	"database/sql/driver"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
)

// maxStmts is how many prepared statements a connection keeps.
const maxStmts = 128

// raw is what the driver's connection can do.
type raw interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

// conn is a connection that keeps its prepared statements and survives a memory fault:
// SQLite maps the -shm file, and reading a map whose file was cut short underneath is a SIGBUS,
// which would end the process, and with it all tenants.
type conn struct {
	raw
	path   string
	stmts  map[string]*stmt
	broken bool // faulted: its locks and memory are in an unknown state
}

// stmt is a prepared statement. While somebody reads its rows it is busy.
type stmt struct {
	driver.Stmt
	busy, dropped bool
}

// guard turns a panic into an error. Deferred with debug.SetPanicOnFault(true), it also catches
// faults. The setting belongs to the goroutine, so it is put back.
func (c *conn) guard(before bool, err *error) {
	debug.SetPanicOnFault(before)
	if cause := recover(); cause != nil {
		c.broken = true
		mend(c.path)
		*err = fmt.Errorf("%w: %v", errDamaged, cause)
	}
}

// ExecContext runs a statement, or a script of several.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (res driver.Result, err error) {
	defer c.guard(debug.SetPanicOnFault(true), &err)
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return c.raw.ExecContext(ctx, query, args)
	}
	defer c.give(s)
	return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

// QueryContext runs a statement that has rows.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (res driver.Rows, err error) {
	defer c.guard(debug.SetPanicOnFault(true), &err)
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	var found driver.Rows
	if s == nil {
		found, err = c.raw.QueryContext(ctx, query, args)
	} else {
		found, err = s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
	}
	if err != nil {
		c.give(s)
		return nil, err
	}
	return &rows{rawRows: found.(rawRows), conn: c, stmt: s}, nil
}

// BeginTx begins a transaction.
func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (res driver.Tx, err error) {
	defer c.guard(debug.SetPanicOnFault(true), &err)
	begun, err := c.raw.BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	return &tx{begun, c}, nil
}

// IsValid tells whether the connection may be used again.
func (c *conn) IsValid() bool { return !c.broken && c.raw.IsValid() }

// Close closes the connection and its statements.
func (c *conn) Close() (err error) {
	defer c.guard(debug.SetPanicOnFault(true), &err)
	c.drop()
	return c.raw.Close()
}

// take returns the prepared statement of a query, or nil for one that is not worth keeping.
func (c *conn) take(ctx context.Context, query string) (*stmt, error) {
	s := c.stmts[query]
	if s != nil && !s.busy {
		s.busy = true
		return s, nil
	}
	if s == nil && !frequent(query) {
		return nil, nil
	}
	// The driver takes white space after a statement for a second one.
	made, err := c.raw.PrepareContext(ctx, strings.TrimSpace(query))
	if err != nil {
		return nil, err
	}
	if s != nil { // it is being read: a second one, for this time only
		return &stmt{Stmt: made, busy: true, dropped: true}, nil
	}
	if len(c.stmts) >= maxStmts {
		c.drop()
	}
	s = &stmt{Stmt: made, busy: true}
	c.stmts[query] = s
	return s, nil
}

// give returns a statement.
func (c *conn) give(s *stmt) {
	if s == nil || c.broken {
		return
	}
	s.busy = false
	if s.dropped {
		s.Close()
	}
}

// drop forgets all statements. Those being read are closed when they are given back,
// which after a fault does not happen any more.
func (c *conn) drop() {
	for query, s := range c.stmts {
		s.dropped = true
		if !s.busy || c.broken {
			s.Close()
		}
		delete(c.stmts, query)
	}
}

// frequent tells reads and changes of rows from statements that are run once, and scripts.
func frequent(query string) bool {
	query = strings.TrimSpace(query)
	word, rest, _ := strings.Cut(query, " ")
	if i := strings.IndexAny(word, "\n\t("); i >= 0 {
		word = word[:i]
	}
	switch strings.ToLower(word) {
	case "select", "with", "insert", "update", "delete", "replace", "values":
		return !strings.Contains(rest, ";")
	}
	return false
}

// tx is a transaction on a conn.
type tx struct {
	driver.Tx
	conn *conn
}

// Commit makes the transaction permanent.
func (t *tx) Commit() (err error) {
	defer t.conn.guard(debug.SetPanicOnFault(true), &err)
	return t.Tx.Commit()
}

// Rollback undoes the transaction.
func (t *tx) Rollback() (err error) {
	if t.conn.broken {
		return driver.ErrBadConn
	}
	defer t.conn.guard(debug.SetPanicOnFault(true), &err)
	return t.Tx.Rollback()
}

// mend makes the -shm file long enough again, with zeros, which SQLite takes as the request to
// read the -wal anew. Otherwise every later use of the map would fault too, that of closing included.
// The file is not opened for it: closing it again would drop SQLite's locks.
func mend(path string) {
	const enough = 1 << 20 // takes no room on the disk
	if info, err := os.Stat(path + "-shm"); err == nil && info.Size() < enough {
		os.Truncate(path+"-shm", enough) // if it fails, the next use faults, and is an error again
	}
}
