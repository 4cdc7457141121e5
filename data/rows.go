package data

import (
	"database/sql/driver"
	"runtime/debug"
)

// rawRows is what the driver's rows can do.
type rawRows interface {
	driver.Rows
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypeNullable
	driver.RowsColumnTypePrecisionScale
	driver.RowsColumnTypeScanType
}

// rows are what a statement found. Closed, they give the statement back.
type rows struct {
	rawRows
	conn *conn
	stmt *stmt // nil if it is not kept
}

// Next reads the next row.
func (r *rows) Next(dest []driver.Value) (err error) {
	defer r.conn.guard(debug.SetPanicOnFault(true), &err)
	return r.rawRows.Next(dest)
}

// Close ends the reading.
func (r *rows) Close() (err error) {
	if r.conn.broken {
		return nil
	}
	defer r.conn.guard(debug.SetPanicOnFault(true), &err)
	err = r.rawRows.Close()
	r.conn.give(r.stmt)
	return err
}
