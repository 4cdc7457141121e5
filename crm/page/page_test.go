package page

import (
	"testing"

	"github.com/jba/templatecheck"
)

func TestTemplatesFitTheirData(t *testing.T) {
	for name, err := range map[string]error{
		"list": templatecheck.CheckHTML(listPage.Template(), List{}), "board": templatecheck.CheckHTML(boardPage.Template(), Board{}), "show": templatecheck.CheckHTML(showPage.Template(), Show{}),
		"form": templatecheck.CheckHTML(formPage.Template(), Form{}), "import": templatecheck.CheckHTML(importPage.Template(), Import{}), "search": templatecheck.CheckHTML(searchPage.Template(), Search{}),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
