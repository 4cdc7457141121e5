package custom

import "fmt"

// Follow refuses a description that does not keep what an older one of the same module has: tenants have records in it.
// The error is a *Refused then.
func (m *Module) Follow(old *Module) error {
	r := &Refused{}
	if m.Version <= old.Version {
		r.Add("version", "The version must be higher than %d, the newest one.", old.Version)
	}
	for i := range old.Entities {
		was := &old.Entities[i]
		n := -1
		for j := range m.Entities {
			if m.Entities[j].Name == was.Name {
				n = j
			}
		}
		if n < 0 {
			r.Add("entities", "The entity %q is missing: entities cannot be removed.", was.Name)
			continue
		}
		m.keeps(r, fmt.Sprintf("entities[%d]", n), &m.Entities[n], was)
	}
	return r.err()
}

// keeps compares the fields of an entity.
func (m *Module) keeps(r *Refused, at string, e, was *Entity) {
	for i := range was.Fields {
		old := &was.Fields[i]
		f := e.field(old.Name)
		switch {
		case f == nil:
			r.Add(at+".fields", "The field %q is missing: fields cannot be removed; set \"hidden\": true.", old.Name)
		case f.Kind != old.Kind:
			r.Add(at+".fields", "The field %q is of the kind %s, which cannot become %s.", old.Name, old.Kind, f.Kind)
		case f.To != old.To:
			r.Add(at+".fields", "The field %q links to %q, which cannot become %q.", old.Name, old.To, f.To)
		case f.List != old.List:
			r.Add(at+".fields", "The field %q has the list %q, which cannot become %q.", old.Name, old.List, f.List)
		}
	}
}

// fits tells whether a description can be used where another one is installed.
func (m *Module) fits(installed *Module) bool {
	return m.Version == installed.Version && m.Text == installed.Text || m.Follow(installed) == nil
}
