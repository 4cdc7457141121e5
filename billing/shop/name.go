package shop

import (
	"net/http"
	"strings"

	"rowhouse/data/fault"
	"rowhouse/ui"
	"rowhouse/ui/session"
)

// names is what is said about a name that somebody would like to have.
type names struct {
	Asked  string
	Free   bool
	Why    string   // why it cannot be had
	Others []string // names like it that can be had
}

// names asks whether a name can be had, and for others if not.
func (s *Shop) names(r *http.Request, look *ui.Look, name string) (names, error) {
	free, why, others, err := s.Tenants.Free(r.Context(), look, name)
	return names{name, free, why, others}, err
}

// name answers while somebody types the name that their CRM shall have: a piece of the form.
func (s *Shop) name(w http.ResponseWriter, r *http.Request) error {
	if !s.asked.allow(session.Net(r), s.Clock.Now()) {
		return fault.New(fault.TooMany, "Too many questions at once. Please wait a minute.")
	}
	p := formPage{page: page{Frame: ui.NewFrame(r, "")}, Domain: s.Tenants.Domain}
	name := strings.ToLower(strings.TrimSpace(r.FormValue("name")))
	if name != "" && len(name) <= 100 {
		var err error
		if p.Names, err = s.names(r, p.Look, name); err != nil {
			return err
		}
	}
	return formView.Part(w, "names", http.StatusOK, p)
}
