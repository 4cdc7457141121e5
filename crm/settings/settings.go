// Package settings is what a tenant's staff set up: the company, its brand and language, the lists and fields
// of its records, the people who work here and what they may do, and everybody's own profile.
package settings

import (
	"embed"
	"net/http"
	"strconv"

	"rowhouse/crm/page"
	"rowhouse/crm/record"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

//go:embed *.html
var files embed.FS

// Routes registers the pages. Those wrapped in office are for administrators.
func Routes(mux *http.ServeMux) {
	add := func(pattern string, h page.Handler) { mux.Handle(pattern, h) }
	add("GET /admin/settings", index)
	companyRoutes(add)
	listRoutes(add)
	peopleRoutes(add)
	profileRoutes(add)
	add("GET /admin/settings/log", office(showLog))
	add("GET /admin/settings/trash", showTrash)
}

func companyRoutes(add func(string, page.Handler)) {
	add("GET /admin/settings/company", office(showCompany))
	add("POST /admin/settings/company", office(saveCompany))
	add("GET /admin/settings/brand", office(showBrand))
	add("POST /admin/settings/brand", office(saveBrand))
	add("POST /admin/settings/brand/logo", office(saveLogo))
	add("POST /admin/settings/brand/logo/deletion", office(deleteLogo))
	add("GET /admin/settings/localisation", office(showLocale))
	add("POST /admin/settings/localisation", office(saveLocale))
	add("GET /admin/settings/support", office(showSupport))
	add("POST /admin/settings/support", office(saveSupport))
	add("POST /admin/settings/support/{id}", office(answerSupport))
	add("GET /admin/settings/duplicates", office(showTwins))
	add("POST /admin/settings/duplicates", office(saveTwins))
}

func listRoutes(add func(string, page.Handler)) {
	add("GET /admin/settings/lists", office(showLists))
	add("GET /admin/settings/lists/{list}", office(showList))
	add("POST /admin/settings/lists/{list}", office(addChoice))
	add("GET /admin/settings/choices/{id}", office(showChoice))
	add("POST /admin/settings/choices/{id}", office(saveChoice))
	add("POST /admin/settings/choices/{id}/position", office(moveChoice))
	add("POST /admin/settings/choices/{id}/default", office(mainChoice))
	add("POST /admin/settings/choices/{id}/archiving", office(archiveChoice))
	add("GET /admin/settings/choices/{id}/deletion", office(showDeletion))
	add("POST /admin/settings/choices/{id}/deletion", office(deleteChoice))
	add("GET /admin/settings/fields", office(showFields))
	add("GET /admin/settings/fields/{entity}", office(showFields))
	add("POST /admin/settings/fields/{entity}", office(addField))
	add("GET /admin/settings/fields/{entity}/new", office(newField))
	add("GET /admin/settings/fields/{entity}/{field}", office(showField))
	add("POST /admin/settings/fields/{entity}/{field}", office(saveField))
}

func peopleRoutes(add func(string, page.Handler)) {
	add("GET /admin/staff", office(showStaff))
	add("POST /admin/staff", office(invite))
	add("GET /admin/staff/new", office(showInvite))
	add("GET /admin/staff/{id}", office(showPerson))
	add("POST /admin/staff/{id}", office(savePerson))
	add("POST /admin/staff/{id}/invitation", office(inviteAgain))
	add("POST /admin/staff/{id}/second-factor/deletion", office(resetFactor))
	add("GET /admin/settings/roles", office(showRoles))
	add("POST /admin/settings/roles", office(saveRole))
	add("GET /admin/settings/roles/new", office(showRole))
	add("GET /admin/settings/roles/{id}", office(showRole))
	add("POST /admin/settings/roles/{id}", office(saveRole))
	add("POST /admin/settings/roles/{id}/deletion", office(deleteRole))
	add("GET /admin/settings/teams", office(showTeams))
	add("POST /admin/settings/teams", office(addTeam))
	add("POST /admin/settings/teams/{id}/deletion", office(deleteTeam))
}

func profileRoutes(add func(string, page.Handler)) {
	add("GET /admin/profile", showProfile)
	add("POST /admin/profile", saveProfile)
	add("POST /admin/profile/password", changePassword)
	add("GET /admin/profile/second-factor", showFactor)
	add("POST /admin/profile/second-factor", confirmFactor)
	add("POST /admin/profile/second-factor/deletion", dropFactor)
	add("GET /admin/profile/second-factor/codes", showCodes)
	add("POST /admin/profile/sessions/deletion", endSessions)
	add("POST /admin/profile/sessions/{key}/deletion", endSession)
}

// office lets administrators in only. The engine refuses the others, too; here they do not even see the forms.
func office(h page.Handler) page.Handler {
	return func(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
		if !d.Store.Actor.Admin {
			return fault.New(fault.Denied, "Only administrators can change the settings.")
		}
		return h(w, r, d)
	}
}

// index leads to the first page that the person may see.
func index(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	switch {
	case d.Store.Actor.Admin:
		return ui.Back(w, r, "/admin/settings/company")
	case mayDelete(d):
		return ui.Back(w, r, "/admin/settings/trash")
	}
	return ui.Back(w, r, "/admin/profile")
}

// mayDelete tells whether the trash can hold anything for the person.
func mayDelete(d *page.Desk) bool {
	for _, e := range d.Store.Book.Entities {
		if d.Store.Actor.Right(e).Delete > record.None {
			return true
		}
	}
	return false
}

// number reads the id from the path.
func number(r *http.Request) (int64, error) {
	n, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || n <= 0 {
		return 0, fault.New(fault.Missing, "Nothing is at this address.")
	}
	return n, nil
}

// bare reads a form that holds nothing: the button was the whole message.
func bare(w http.ResponseWriter, r *http.Request) error {
	_, err := ui.Form(w, r)
	return err
}

// done says what was done and leads to the page that shows it.
func done(w http.ResponseWriter, r *http.Request, to, sentence string, args ...any) error {
	ui.Say(w, ui.LookOf(r).T(sentence, args...), "")
	return ui.Back(w, r, to)
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
