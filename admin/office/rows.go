package office

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
)

// RowsPerPage is how many rows Rows returns at the most.
const RowsPerPage = 50

// Rows returns a page of a view for the operator's eyes, the cells in the order of the view's columns, and how many rows
// there are altogether. The first page is 1. filter and sort are in PocketBase's language, as a person types them.
func (o *Office) Rows(ctx context.Context, a Account, name, filter, sort string, page int) (rows [][]string, total int, err error) {
	v, ok := o.view(name, a.Role)
	if !ok || !a.Active {
		return nil, 0, errRefused
	}
	asked, err := limited(url.Values{"filter": {filter}, "sort": {sort}, "page": {strconv.Itoa(page)}, "perPage": {strconv.Itoa(RowsPerPage)}})
	if err != nil {
		return nil, 0, err
	}
	status, body, err := o.ask(ctx, a, v, "", asked)
	if err != nil {
		return nil, 0, err
	}
	if status != http.StatusOK {
		return nil, 0, errRefused
	}
	return cells(body, v.Columns)
}

// cells takes the cells out of PocketBase's answer.
func cells(body []byte, columns []string) ([][]string, int, error) {
	var got struct {
		TotalItems int
		Items      []map[string]json.RawMessage
	}
	if err := json.Unmarshal(body, &got); err != nil {
		return nil, 0, err
	}
	rows := make([][]string, len(got.Items))
	for i, item := range got.Items {
		row := make([]string, len(columns))
		for j, column := range columns {
			row[j] = cell(item[column])
		}
		rows[i] = row
	}
	return rows, got.TotalItems, nil
}

// cell is a value as a person reads it.
func cell(raw json.RawMessage) string {
	var text string
	switch {
	case len(raw) == 0 || bytes.Equal(raw, []byte("null")):
		return ""
	case bytes.Equal(raw, []byte("true")):
		return "yes"
	case bytes.Equal(raw, []byte("false")):
		return "no"
	case json.Unmarshal(raw, &text) == nil:
		return text
	}
	return string(raw)
}
