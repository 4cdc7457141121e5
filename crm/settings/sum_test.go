package settings

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"path/filepath"
)

// sum stands for everything that the file and the folder of files hold.
func (h *house) sum() string {
	h.Helper()
	ctx := context.Background()
	sum := sha256.New()
	tables, err := h.db.Query(ctx, `select name from sqlite_schema where type = 'table' order by name`)
	if err != nil {
		h.Fatal(err)
	}
	var names []string
	for tables.Next() {
		var name string
		if err := tables.Scan(&name); err != nil {
			h.Fatal(err)
		}
		names = append(names, name)
	}
	tables.Close()
	for _, name := range names {
		h.sumTable(ctx, sum, name)
	}
	list, err := filepath.Glob(filepath.Join(h.dir, "files", "*"))
	fmt.Fprintln(sum, list, err)
	return fmt.Sprintf("%x", sum.Sum(nil))
}

func (h *house) sumTable(ctx context.Context, sum io.Writer, name string) {
	rows, err := h.db.Query(ctx, `select * from "`+name+`"`)
	if err != nil {
		return // a table of the full-text index that cannot be read as one
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		h.Fatal(err)
	}
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			h.Fatal(err)
		}
		fmt.Fprintln(sum, name, row)
	}
}
