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

// checkFree says of a refused form also that its name is taken, with others that are free: so that everything is said at once.
func (s *Shop) checkFree(r *http.Request, p *formPage) error {
	if p.Wrong == nil || p.Typed.Name == "" {
		return nil
	}
	asked, err := s.names(r, p.Look, p.Typed.Name)
	if err != nil || asked.Free {
		return err
	}
	instead, err := s.hashOf(r.Context(), s.DB.QueryRow, p.Instead)
	if err != nil {
		return err
	}
	var own int // a name that the same person holds is free for them
	err = s.DB.QueryRow(r.Context(), `select count(*) from signup where name = ? and tenant is not null and state in ('details', 'email_pending')
		and (email = ? or token_hash = ?)`, p.Typed.Name, p.Typed.Email, instead).Scan(&own)
	if err != nil || own > 0 {
		return err
	}
	p.Names = asked
	p.Wrong.Add("name", "This address cannot be had.")
	return nil
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
