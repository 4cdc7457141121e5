package admin

import (
	"testing"

	"github.com/jba/templatecheck"
)

func TestTemplatesFitTheirData(t *testing.T) {
	for name, err := range map[string]error{
		"login": templatecheck.CheckHTML(loginPage.Template(), door{}), "choose": templatecheck.CheckHTML(choosePage.Template(), door{}), "tenants": templatecheck.CheckHTML(listPage.Template(), tenantList{}),
		"tenant": templatecheck.CheckHTML(showPage.Template(), tenantPage{}), "new": templatecheck.CheckHTML(newPage.Template(), orderPage{}), "site": templatecheck.CheckHTML(sitePage.Template(), siteForm{}),
		"names": templatecheck.CheckHTML(namesPage.Template(), nameList{}), "letters": templatecheck.CheckHTML(lettersPage.Template(), letterList{}),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
