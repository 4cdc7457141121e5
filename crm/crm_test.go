package crm

import (
	"testing"

	"github.com/jba/templatecheck"
)

func TestTemplatesFitTheirData(t *testing.T) {
	for name, err := range map[string]error{
		"login": templatecheck.CheckHTML(loginPage.Template(), Login{}), "factor": templatecheck.CheckHTML(factorPage.Template(), Login{}), "forgot": templatecheck.CheckHTML(forgotPage.Template(), Login{}),
		"choose": templatecheck.CheckHTML(choosePage.Template(), Login{}), "dashboard": templatecheck.CheckHTML(dashboardPage.Template(), Dashboard{}),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
