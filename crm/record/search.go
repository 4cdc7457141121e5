package record

import (
	"context"
	"database/sql"
	"strings"
	"unicode"

	"rowhouse/crm/entity"
)

// Found is one record that a search found.
type Found struct {
	Entity          *entity.Entity
	ID              int64
	Title, Subtitle string
}

// Search finds records of all entities, those whose names match first, at most limit of each entity.
// The rights are part of the query, so what is hidden does not even take a place.
func (s *Store) Search(ctx context.Context, words string, limit int) ([]Found, error) {
	match := matchAll(words)
	if match == "" {
		return nil, nil
	}
	var found []Found
	for _, e := range s.Book.Entities {
		hits, err := s.searchIn(ctx, e, match, limit)
		if err != nil {
			return nil, err
		}
		found = append(found, hits...)
	}
	return found, nil
}

func (s *Store) searchIn(ctx context.Context, e *entity.Entity, match string, limit int) ([]Found, error) {
	level := s.Actor.Right(e).View
	if level == None {
		return nil, nil
	}
	var found []Found
	seen := map[int64]bool{}
	for _, m := range []string{"title : (" + match + ")", match} {
		q := (&query{}).add("select t.id, t." + quote(e.Title) + ", " + s.subtitle(e) + " from " + quote(e.Name+"_search") + " f join " + quote(e.Name) + " t on t.id = f.rowid where f.")
		q.add(quote(e.Name+"_search")+" match ? and t.deleted_at is null and ", m)
		s.sees(e, "t", q)
		q.add(" order by f.rowid desc limit ?", limit)
		err := each(ctx, s.DB, func(scan func(...any) error) error {
			hit := Found{Entity: e}
			if err := scan(&hit.ID, &hit.Title, &hit.Subtitle); err != nil {
				return err
			}
			if !seen[hit.ID] && len(found) < limit {
				seen[hit.ID] = true
				found = append(found, hit)
			}
			return nil
		}, q.String(), q.args...)
		if err != nil {
			return nil, err
		}
		if len(found) >= limit {
			break
		}
	}
	return found, nil
}

func (s *Store) subtitle(e *entity.Entity) string {
	f, ok := e.Field(e.Subtitle)
	if !ok || f.Hidden {
		return "''"
	}
	if link, ok := f.Kind.(entity.Link); ok {
		to := s.Book.Entity(link.To)
		if to == nil || s.Actor.Right(to).View < All {
			return "''"
		}
		return "coalesce((select l." + quote(to.Title) + " from " + quote(to.Name) + " l where l.id = t." + quote(f.Name) + " and l.deleted_at is null), '')"
	}
	return "t." + quote(f.Name)
}

// matchAll makes the query of the full-text index: every word must be the beginning of one in the record.
func matchAll(words string) string {
	var parts []string
	phone := ""
	if digits := entity.Digits(words); len(digits) >= 3 && len(words) < 40 && strings.Trim(words, "+0123456789 ()-./") == "" {
		phone = ` OR "` + digits + `"*`
	}
	for _, w := range strings.FieldsFunc(words, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }) {
		if parts = append(parts, `"`+w+`"*`); len(parts) == 8 {
			break
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "(" + strings.Join(parts, " AND ") + ")" + phone
}

// index puts what can be found of a record into the full-text index.
func index(ctx context.Context, tx *sql.Tx, e *entity.Entity, id int64, values map[string]any, d *entity.Draw) error {
	var body strings.Builder
	title := ""
	for _, f := range e.Fields {
		v := values[f.Name]
		if entity.Empty(v) {
			continue
		}
		switch {
		case f.Name == e.Title:
			title = f.Kind.Text(v, d)
		case f.Kind.Word() == "phones":
			for _, p := range v.([]entity.Entry) {
				writeDigits(&body, entity.Digits(p.Value))
			}
		case f.Kind.Class() == entity.Words, f.Kind.Word() == "tags":
			body.WriteString(f.Kind.Text(v, d) + " ")
		}
	}
	if err := unindex(ctx, tx, e, id); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "insert into "+quote(e.Name+"_search")+" (rowid, title, body) values (?, ?, ?)", id, title, body.String())
	return err
}

// writeDigits lets a telephone number be found by any part of it that has at least four digits: the index finds
// beginnings of words, so the number stands in it from each of its digits on.
func writeDigits(body *strings.Builder, digits string) {
	body.WriteString(digits + " ")
	for i := 1; i+4 <= len(digits); i++ {
		body.WriteString(digits[i:] + " ")
	}
}

func unindex(ctx context.Context, tx *sql.Tx, e *entity.Entity, id int64) error {
	_, err := tx.ExecContext(ctx, "delete from "+quote(e.Name+"_search")+" where rowid = ?", id)
	return err
}

// SearchIn finds records of one entity.
func (s *Store) SearchIn(ctx context.Context, e *entity.Entity, words string, limit int) ([]Found, error) {
	match := matchAll(words)
	if match == "" {
		return nil, nil
	}
	return s.searchIn(ctx, e, match, limit)
}
