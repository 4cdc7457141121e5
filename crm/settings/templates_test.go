package settings

import (
	"html/template"
	"testing"

	"github.com/jba/templatecheck"
)

func TestTemplatesNameOnlyWhatTheirPagesHave(t *testing.T) {
	for name, page := range map[string]struct {
		template *template.Template
		data     any
	}{
		"form": {companyPage.Template(), formSheet{}}, "invite": {invitePage.Template(), formSheet{}}, "deletion": {deletionPage.Template(), formSheet{}},
		"brand": {brandPage.Template(), brandSheet{}}, "twins": {twinsPage.Template(), twinsSheet{}},
		"lists": {listsPage.Template(), listsSheet{}}, "list": {listPage.Template(), listSheet{}}, "choice": {choicePage.Template(), choiceSheet{}},
		"fields": {fieldsPage.Template(), fieldsSheet{}}, "field": {fieldPage.Template(), fieldSheet{}},
		"staff": {staffPage.Template(), staffSheet{}}, "person": {personPage.Template(), personSheet{}},
		"roles": {rolesPage.Template(), rolesSheet{}}, "role": {rolePage.Template(), roleSheet{}}, "teams": {teamsPage.Template(), teamsSheet{}},
		"log": {logPage.Template(), logSheet{}}, "trash": {trashPage.Template(), trashSheet{}},
		"profile": {profilePage.Template(), profileSheet{}}, "factor": {factorPage.Template(), factorSheet{}}, "codes": {codesPage.Template(), codesSheet{}},
	} {
		if err := templatecheck.CheckHTMLStrict(page.template, page.data); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
