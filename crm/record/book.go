package record

import (
	"context"
	"encoding/json"
	"strconv"

	"rowhouse/crm/entity"
	"rowhouse/data"
)

// Book is what a tenant's file says about itself: the descriptions merged with the tenant's own additions,
// the rows of the lists, the staff, the settings. It is read once and kept until one of them changes.
type Book struct {
	Key      string // stands for the entities that it was opened with
	Entities []*entity.Entity
	Customs  []entity.Custom
	Currency string
	Settings map[string]string
	choices  map[string][]entity.Choice
	byID     map[int64]entity.Choice
	staff    []entity.Staffer
	people   map[int64]entity.Staffer
}

// Open returns the file's book. The entities are those that the plan includes.
func Open(ctx context.Context, db *data.DB, key string, entities []entity.Entity) (*Book, error) {
	kept, err := db.Keep("book/"+key, func() (any, error) {
		b, err := readBook(ctx, db, entities)
		if err != nil {
			return nil, err
		}
		b.Key = key
		return b, nil
	})
	if err != nil {
		return nil, err
	}
	return kept.(*Book), nil
}

func readBook(ctx context.Context, db *data.DB, entities []entity.Entity) (*Book, error) {
	b := &Book{Settings: map[string]string{}, choices: map[string][]entity.Choice{}, byID: map[int64]entity.Choice{}, people: map[int64]entity.Staffer{}}
	for _, read := range []func(context.Context, *data.DB) error{b.readChoices, b.readStaff, b.readFields} {
		if err := read(ctx, db); err != nil {
			return nil, err
		}
	}
	var err error
	if b.Settings, err = Settings(ctx, db); err != nil {
		return nil, err
	}
	if b.Currency = b.Settings["currency"]; b.Currency == "" {
		b.Currency = "EUR"
	}
	for _, e := range entities {
		b.Entities = append(b.Entities, e.Merge(b.Customs))
	}
	return b, nil
}

// Settings returns the company's settings, which strangers' pages need, too: name, colour, language.
func Settings(ctx context.Context, db *data.DB) (map[string]string, error) {
	kept, err := db.Keep("settings", func() (any, error) {
		settings := map[string]string{}
		err := each(ctx, db, func(scan func(...any) error) error {
			var k, v string
			if err := scan(&k, &v); err != nil {
				return err
			}
			settings[k] = v
			return nil
		}, `select key, value from setting`)
		return settings, err
	})
	if err != nil {
		return nil, err
	}
	return kept.(map[string]string), nil
}

func (b *Book) readChoices(ctx context.Context, db *data.DB) error {
	return each(ctx, db, func(scan func(...any) error) error {
		var c entity.Choice
		if err := scan(&c.ID, &c.List, &c.Label, &c.Hue, &c.Kind, &c.Position, &c.Default, &c.Archived); err != nil {
			return err
		}
		b.choices[c.List] = append(b.choices[c.List], c)
		b.byID[c.ID] = c
		return nil
	}, `select id, list, label, hue, kind, position, main, archived from choice order by list, position, id`)
}

func (b *Book) readStaff(ctx context.Context, db *data.DB) error {
	return each(ctx, db, func(scan func(...any) error) error {
		var p entity.Staffer
		if err := scan(&p.ID, &p.Name, &p.Active); err != nil {
			return err
		}
		b.staff = append(b.staff, p)
		b.people[p.ID] = p
		return nil
	}, `select id, trim(first || ' ' || last), state = 'active' from staff order by first, last, id`)
}

func (b *Book) readFields(ctx context.Context, db *data.DB) error {
	return each(ctx, db, func(scan func(...any) error) error {
		var c entity.Custom
		var options string
		if err := scan(&c.ID, &c.Entity, &c.Key, &c.Label, &c.Kind, &options, &c.Hint, &c.Section, &c.Required, &c.Hidden, &c.Position, &c.Override); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(options), &c.Options); err != nil {
			return err
		}
		b.Customs = append(b.Customs, c)
		return nil
	}, `select id, entity, key, label, kind, options, hint, section, required, hidden, position, override from field order by position, id`)
}

// each calls take for every row of a query.
func each(ctx context.Context, db *data.DB, take func(scan func(...any) error) error, query string, args ...any) error {
	rows, err := db.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := take(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Entity returns the description called name; nil if the plan does not include it.
func (b *Book) Entity(name string) *entity.Entity {
	for _, e := range b.Entities {
		if e.Name == name {
			return e
		}
	}
	return nil
}

// Choices returns the rows of a list.
func (b *Book) Choices(list string) []entity.Choice { return b.choices[list] }

// Choice returns one row of any list.
func (b *Book) Choice(id int64) (entity.Choice, bool) { c, ok := b.byID[id]; return c, ok }

// Main returns the row of a list that new records get, or 0.
func (b *Book) Main(list string) int64 {
	for _, c := range b.choices[list] {
		if c.Default {
			return c.ID
		}
	}
	return 0
}

// Staff returns everybody, by name.
func (b *Book) Staff() []entity.Staffer { return b.staff }

// Staffer returns one of the staff.
func (b *Book) Staffer(id int64) (entity.Staffer, bool) { p, ok := b.people[id]; return p, ok }

// URL is the address of a record, or with id 0 of the list.
func (b *Book) URL(name string, id int64) string {
	e := b.Entity(name)
	switch {
	case e == nil:
		return ""
	case id == 0:
		return e.URL()
	}
	return e.URL() + "/" + strconv.FormatInt(id, 10)
}
