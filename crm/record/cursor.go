package record

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
)

// sortColumn is the expression a list is sorted by; it is never null, as a cursor must compare with it.
func sortColumn(f entity.Field) string {
	column := "t." + quote(f.Name)
	switch {
	case f.Name == "created_at" || f.Name == "updated_at":
		return column // never null, and with an index
	case f.Kind.Class() == entity.Chosen && f.Kind.Word() == "pick":
		return "coalesce((select position * 100000 + id from choice where id = " + column + "), 0)"
	case f.Kind.Word() == "money":
		return "coalesce(" + inThousandths(f.Name) + ", -9e15)"
	case f.Kind.Word() == "line":
		return column + " collate nocase"
	case f.Kind.Class() == entity.Words, f.Kind.Class() == entity.Many:
		return "substr(" + column + ", 1, 200) collate nocase" // a cursor carries it, and stands in an address
	case strings.HasPrefix(f.Kind.Columns()[0].Type, "integer"):
		return "coalesce(" + column + ", -9e15)"
	}
	return column
}

func cursor(key any, id int64) string {
	b, err := json.Marshal([]any{key, id})
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func readCursor(s string) (key any, id int64, err error) {
	stale := fault.New(fault.Invalid, "This page of the list cannot be found any more. Please start from its first page.")
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) > 5000 {
		return nil, 0, stale
	}
	var pair []json.RawMessage
	if json.Unmarshal(b, &pair) != nil || len(pair) != 2 || json.Unmarshal(pair[1], &id) != nil {
		return nil, 0, stale
	}
	var n int64
	var text string
	var real float64
	switch {
	case json.Unmarshal(pair[0], &n) == nil:
		return n, id, nil
	case json.Unmarshal(pair[0], &real) == nil:
		return real, id, nil
	case json.Unmarshal(pair[0], &text) == nil:
		return text, id, nil
	}
	return nil, 0, stale
}
