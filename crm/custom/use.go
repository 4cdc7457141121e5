package custom

import (
	"context"
	"strconv"

	"rowhouse/crm/entity"
)

// Use is who has a module: plans by their names, tenants by their subdomains.
type Use struct{ Plans, Tenants []string }

// Use returns who has a module.
func (s *Shelf) Use(ctx context.Context, name string) (u Use, err error) {
	rows, err := s.DB.Query(ctx, `select 'plan', name from plan where instr(',' || modules || ',', ?1) union all
		select 'tenant', name from tenant where state <> 'purged' and instr(',' || modules || ',', ?1) order by 1, 2`, ","+Prefix+name+",")
	if err != nil {
		return u, err
	}
	defer rows.Close()
	for rows.Next() {
		var what, who string
		if err := rows.Scan(&what, &who); err != nil {
			return u, err
		}
		if what == "plan" {
			u.Plans = append(u.Plans, who)
		} else {
			u.Tenants = append(u.Tenants, who)
		}
	}
	return u, rows.Err()
}

// Sample knows the names of choices before any tenant has the module, so that its forms can be drawn.
type Sample struct{ Module *Module }

// Choices are the rows with which a list begins.
func (s Sample) Choices(list string) []entity.Choice {
	var all []entity.Choice
	for name, rows := range s.Module.Choices {
		for i, c := range rows {
			if s.Module.list(name) == list {
				all = append(all, entity.Choice{ID: int64(i + 1), List: list, Label: c.Label, Hue: c.Colour, Kind: c.Kind, Default: c.Default})
			}
		}
	}
	return all
}

// Choice finds nothing: no record has one yet.
func (Sample) Choice(int64) (entity.Choice, bool) { return entity.Choice{}, false }

// Staff is nobody.
func (Sample) Staff() []entity.Staffer { return nil }

// Staffer finds nobody.
func (Sample) Staffer(int64) (entity.Staffer, bool) { return entity.Staffer{}, false }

// URL is the address at which nothing is suggested.
func (Sample) URL(name string, id int64) string {
	return "/admin/" + name + "/" + strconv.FormatInt(id, 10)
}
