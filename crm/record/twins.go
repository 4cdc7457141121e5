package record

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"rowhouse/crm/entity"
)

// Twin is a record that may be the same person or company as one that is being typed.
type Twin struct {
	Found
	Kind   string // email, phone, domain or name: what they share
	Hidden bool   // it exists, but is not for this person's eyes
}

// key is what two records that are one would share.
type key struct{ kind, value string }

// keysOf returns the keys of a record, made equal: letters folded, digits only.
func keysOf(e *entity.Entity, values Values) []key {
	var keys []key
	add := func(kind, value string) {
		if value != "" {
			keys = append(keys, key{kind, value})
		}
	}
	for _, name := range e.Twins {
		f, ok := e.Field(name)
		if !ok {
			continue
		}
		switch v := values[name].(type) {
		case []entity.Entry:
			for _, entry := range v {
				if f.Kind.Word() == "phones" {
					add("phone", phoneKey(entry.Value))
				} else {
					add("email", strings.ToLower(entry.Value))
				}
			}
		case string:
			if f.Kind.Word() == "web" {
				add("domain", entity.Domain(v))
			} else {
				add("name", Fold(v))
			}
		}
	}
	return keys
}

// phoneKey is a telephone number without what people write in different ways: its country's code, which is often
// left out, and the zero before the town's. Numbers of fewer than five digits are extensions that many share.
func phoneKey(s string) string {
	digits := entity.Digits(s)
	if s = strings.TrimSpace(s); strings.HasPrefix(s, "+") || strings.HasPrefix(s, "00") {
		digits = strings.TrimLeft(digits[min(callingCode(digits), len(digits)):], "0")
	}
	if len(digits) < 5 {
		return ""
	}
	return digits[max(0, len(digits)-9):]
}

// callingCode is how many digits the country's code at the beginning of a number has (ITU-T E.164).
func callingCode(digits string) int {
	switch {
	case strings.HasPrefix(digits, "1"), strings.HasPrefix(digits, "7"):
		return 1
	case len(digits) >= 2 && strings.Contains(" 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 ", " "+digits[:2]+" "):
		return 2
	}
	return 3
}

// Fold makes names equal that people would call equal: Müller GmbH and muller gmbh.
func Fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func keepTwins(ctx context.Context, tx *sql.Tx, e *entity.Entity, id int64, values Values) error {
	if _, err := tx.ExecContext(ctx, `delete from twin where entity = ? and record = ?`, e.Name, id); err != nil {
		return err
	}
	for _, k := range keysOf(e, values) {
		if _, err := tx.ExecContext(ctx, `insert or ignore into twin (entity, record, kind, value) values (?, ?, ?, ?)`, e.Name, id, k.kind, k.value); err != nil {
			return err
		}
	}
	return nil
}

// Twins returns records of any entity that share a key with what is being typed, at most five. Of the record self,
// which is being changed, only keys that it does not have yet count.
// The setting twins.KIND says which keys count: off, warn or block; block is told by the second result.
func (s *Store) Twins(ctx context.Context, e *entity.Entity, self int64, values Values) ([]Twin, bool, error) {
	var twins []Twin
	block := false
	seen := map[string]bool{}
	keys, err := s.fresh(ctx, e, self, keysOf(e, values))
	if err != nil {
		return nil, false, fmt.Errorf("look for duplicates: %w", err)
	}
	for _, k := range keys {
		mode := s.twinMode(k.kind)
		if mode == "off" {
			continue
		}
		err := each(ctx, s.DB, func(scan func(...any) error) error {
			var name string
			var id int64
			if err := scan(&name, &id); err != nil {
				return err
			}
			other := s.Book.Entity(name)
			if other == nil || seen[fmt.Sprint(name, id)] || (name == e.Name && id == self) {
				return nil
			}
			seen[fmt.Sprint(name, id)] = true
			block = block || mode == "block"
			twins = append(twins, Twin{Found: Found{Entity: other, ID: id}, Kind: k.kind})
			return nil
		}, `select entity, record from twin where kind = ? and value = ? limit 5`, k.kind, k.value)
		if err != nil {
			return nil, false, fmt.Errorf("look for duplicates: %w", err)
		}
	}
	for i := range twins {
		if err := s.nameTwin(ctx, &twins[i]); err != nil {
			return nil, false, err
		}
	}
	return twins[:min(len(twins), 5)], block, nil
}

// twinMode is what a shared key of a kind means: off, warn or block.
func (s *Store) twinMode(kind string) string {
	mode := s.Book.Settings["twins."+kind]
	switch {
	case mode != "":
		return mode
	case kind == "name":
		return "off"
	}
	return "warn"
}

// fresh are the keys that a record does not have yet: whose twins it has been told of need not be said again.
func (s *Store) fresh(ctx context.Context, e *entity.Entity, id int64, keys []key) ([]key, error) {
	if id == 0 {
		return keys, nil
	}
	has := map[key]bool{}
	err := each(ctx, s.DB, func(scan func(...any) error) error {
		var k key
		err := scan(&k.kind, &k.value)
		has[k] = true
		return err
	}, `select kind, value from twin where entity = ? and record = ?`, e.Name, id)
	return slices.DeleteFunc(keys, func(k key) bool { return has[k] }), err
}

func (s *Store) nameTwin(ctx context.Context, t *Twin) error {
	q := (&query{}).add("select t."+quote(t.Entity.Title)+" from "+quote(t.Entity.Name)+" t where t.id = ? and t.deleted_at is null and ", t.ID)
	s.sees(t.Entity, "t", q)
	err := s.DB.QueryRow(ctx, q.String(), q.args...).Scan(&t.Title)
	if err == sql.ErrNoRows {
		t.Hidden = true
		return nil
	}
	return err
}
