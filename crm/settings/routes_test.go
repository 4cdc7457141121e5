package settings

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"rowhouse/crm/page"
)

// addresses are all routes of this package, each with something that exists in its place holders.
func addresses(routes ...func(func(string, page.Handler))) (list []string) {
	exists := strings.NewReplacer("{id}", "2", "{list}", "lead.status", "{entity}", "lead", "{field}", "name", "{key}", strings.Repeat("a", keyLen))
	for _, register := range routes {
		register(func(pattern string, _ page.Handler) { list = append(list, exists.Replace(pattern)) })
	}
	return list
}

func TestOnlyAdministratorsReachTheSettings(t *testing.T) {
	h := newHouse(t)
	before := h.sum()
	list := append(addresses(companyRoutes, listRoutes, peopleRoutes), "GET /admin/settings/log")
	for _, at := range list {
		method, path, _ := strings.Cut(at, " ")
		var form url.Values
		if method == "POST" {
			form = url.Values{"name": {"x"}, "label": {"x"}}
		}
		for _, person := range []int64{seller, reader} {
			if w := h.send(person, path, form); w.Code != http.StatusForbidden {
				t.Errorf("%s as %d: %d", at, person, w.Code)
			}
		}
	}
	if h.sum() != before {
		t.Error("the file is not as it was")
	}
}

func TestEveryPageOpensForAnAdministrator(t *testing.T) {
	h := newHouse(t)
	for _, at := range append(addresses(companyRoutes, listRoutes, peopleRoutes, profileRoutes), "GET /admin/settings/log", "GET /admin/settings/trash") {
		method, path, _ := strings.Cut(at, " ")
		if method != "GET" || strings.HasSuffix(path, "/codes") {
			continue
		}
		if body := h.get(owner, path, http.StatusOK); strings.Contains(body, "style=") || strings.Contains(body, "%!") || strings.Contains(body, "ZgotmplZ") {
			t.Errorf("%s: a style, a wrong sentence or a refused address", path)
		}
	}
}

func TestSettingsLeadToTheFirstPageThatOneMaySee(t *testing.T) {
	h := newHouse(t)
	for person, want := range map[int64]string{owner: "/admin/settings/company", seller: "/admin/settings/trash", reader: "/admin/profile"} {
		if w := h.send(person, "/admin/settings", nil); w.Code != http.StatusSeeOther || w.Header().Get("Location") != want {
			t.Errorf("%d: %d %s", person, w.Code, w.Header().Get("Location"))
		}
	}
	h.get(seller, "/admin/settings/trash", 200)
	h.get(reader, "/admin/settings/trash", 403)
	body := h.get(seller, "/admin/profile", 200)
	if strings.Contains(body, "/admin/settings/company") || !strings.Contains(body, "/admin/settings/trash") {
		t.Error("the navigation shows what is not for her, or not what is")
	}
}

func TestFormsRefuseFieldsTheyDoNotHave(t *testing.T) {
	h := newHouse(t)
	before := h.sum()
	for _, at := range addresses(companyRoutes, listRoutes, peopleRoutes, profileRoutes) {
		if method, path, _ := strings.Cut(at, " "); method == "POST" {
			if w := h.send(owner, path, url.Values{"owner": {"1"}}); w.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", at, w.Code)
			}
		}
	}
	if h.sum() != before {
		t.Error("the file is not as it was")
	}
}
