package settings

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"rowhouse/crm/page"
	"rowhouse/ui"
)

func TestOfFiftyWhoInviteTheLastPersonOneDoes(t *testing.T) {
	h := newHouse(t)
	h.seats = 4
	var mu sync.Mutex
	codes := map[int]int{}
	var all sync.WaitGroup
	for i := range 50 {
		d := h.desk(owner)
		all.Go(func() {
			form := url.Values{"email": {"p" + itoa(int64(i)) + "@acme.example"}, "first": {"P"}, "last": {""}, "role": {"2"}, "team": {""}}
			r := httptest.NewRequest("POST", "/admin/staff", strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			d.Letters = nil
			h.mux.ServeHTTP(w, page.With(ui.WithLook(r, d.Store.Look), d))
			mu.Lock()
			defer mu.Unlock()
			codes[w.Code]++
			if w.Code == http.StatusUnprocessableEntity && !strings.Contains(w.Body.String(), "Your plan includes 4 staff") {
				t.Error("the page does not say why")
			}
		})
	}
	all.Wait()
	if codes[http.StatusSeeOther] != 1 || codes[http.StatusUnprocessableEntity] != 49 {
		t.Errorf("answers: %v", codes)
	}
	if got := h.text(`select count(*) from staff where state <> 'inactive'`); got != "4" {
		t.Errorf("%s seats are taken", got)
	}
	if got := h.text(`select count(*) from outbox`); got != "1" {
		t.Errorf("%s letters", got)
	}
}

func TestAnInvitationKeepsWhatWasTyped(t *testing.T) {
	h := newHouse(t)
	body := h.post(owner, "/admin/staff", 422, "email", "sam@acme.example", "first", "Zoë", "last", "Q", "role", "3", "team", "1")
	for _, want := range []string{`value="Zoë"`, `value="sam@acme.example"`, `value="3" selected`, `value="1" selected`, "among your staff already"} {
		if !strings.Contains(body, want) {
			t.Errorf("the form has no %s", want)
		}
	}
	h.post(owner, "/admin/staff", 422, "email", "nobody", "first", "Zoë", "role", "3", "team", "")
	h.post(owner, "/admin/staff", 422, "email", "z@acme.example", "first", "Zoë", "role", "99", "team", "")
	h.post(owner, "/admin/staff", 422, "email", "z@acme.example", "first", "Zoë", "role", "3", "team", "99")
	if h.letters != 0 {
		t.Error("a letter was sent for nothing")
	}
	h.post(owner, "/admin/staff", 303, "email", "z@acme.example", "first", "Zoë", "role", "3", "team", "1")
	h.post(owner, "/admin/staff/4/invitation", 303)
	if h.letters != 2 || h.text(`select count(*) from outbox where recipient = 'z@acme.example'`) != "2" {
		t.Error("not two letters")
	}
	h.post(owner, "/admin/staff/2/invitation", 409)
}

func TestTheOwnerStaysAnActiveAdministrator(t *testing.T) {
	h := newHouse(t)
	before := h.text(`select role || state || owner from staff where id = 1`)
	h.exec(`update staff set role = 1 where id = 2`) // even another administrator cannot
	for _, person := range []int64{owner, seller} {
		body := h.post(person, "/admin/staff/1", 422, "first", "Ada", "last", "Ortiz", "role", "1", "team", "")
		if !strings.Contains(body, "stays an active administrator") {
			t.Error("the page does not say why")
		}
		h.post(person, "/admin/staff/1", 422, "first", "Ada", "last", "Ortiz", "role", "2", "team", "", "active", "1")
	}
	if got := h.text(`select role || state || owner from staff where id = 1`); got != before {
		t.Errorf("the owner is %s", got)
	}
	h.exec(`update staff set factor = 'X' where id = 1`)
	h.post(seller, "/admin/staff/1/second-factor/deletion", 403)
	h.post(owner, "/admin/staff/1", 303, "first", "Adele", "last", "Ortiz", "role", "1", "active", "1")
}

func TestWhoIsDeactivatedIsSignedOutAndFreesASeat(t *testing.T) {
	h := newHouse(t)
	h.seats = 3
	h.exec(`insert into session (hash, person, created_at, seen_at, ip, agent) values ('s', 2, ?, ?, '', '')`, h.now.UnixMilli(), h.now.UnixMilli())
	h.post(owner, "/admin/staff/2", 303, "first", "Sam", "last", "Weber", "role", "2", "team", "1")
	if got := h.text(`select state || (select count(*) from session) from staff where id = 2`); got != "inactive0" {
		t.Error(got)
	}
	h.post(owner, "/admin/staff", 303, "email", "n@acme.example", "first", "New", "role", "2", "team", "")
	body := h.post(owner, "/admin/staff/2", 422, "first", "Samantha", "last", "Weber", "role", "2", "team", "1", "active", "1")
	if !strings.Contains(body, "Your plan includes 3 staff") || !strings.Contains(body, `value="Samantha"`) {
		t.Error("the page does not say why, or has lost what was typed")
	}
	h.get(owner, "/admin/staff/99", 404)
}

func TestARoleIsSavedAsItsMatrixSays(t *testing.T) {
	h := newHouse(t)
	h.post(owner, "/admin/settings/roles", 303, "name", "Field", "view.lead", "2", "edit.lead", "3", "delete.lead", "1", "create.lead", "1", "export.contact", "1", "view.contact", "1")
	if got := h.text(`select view || edit || remove || make || export || import from role_right where role = 4 and entity = 'lead'`); got != "221100" {
		t.Errorf("rights are %s: nobody changes more than they see", got)
	}
	body := h.post(owner, "/admin/settings/roles", 422, "name", "", "view.lead", "3")
	if !strings.Contains(body, `<option value="3" selected>All`) {
		t.Error("what was chosen is gone")
	}
	h.post(owner, "/admin/settings/roles", 422, "name", "Field")
	h.post(owner, "/admin/settings/roles/4", 422, "name", "Field", "view.lead", "4")
	h.post(owner, "/admin/settings/roles/4", 422, "name", "Field", "view.staff", "1")
	h.post(owner, "/admin/settings/roles/1", 403, "name", "Gods")
	h.post(owner, "/admin/settings/roles/2/deletion", 422)
	h.post(owner, "/admin/settings/roles/1/deletion", 422)
	h.post(owner, "/admin/settings/roles/4/deletion", 303)
	if body := h.get(owner, "/admin/settings/roles/1", 200); !strings.Contains(body, "every right") || strings.Contains(body, "<select") {
		t.Error("the administrators' role looks as if it could be changed")
	}
}

func TestTeamsComeAndGo(t *testing.T) {
	h := newHouse(t)
	h.exec(`update staff set team = 1 where id = 2`)
	h.post(owner, "/admin/settings/teams", 303, "name", "South")
	for _, name := range []string{"", "South", strings.Repeat("x", 61)} {
		h.post(owner, "/admin/settings/teams", 422, "name", name)
	}
	h.post(owner, "/admin/settings/teams/1/deletion", 303)
	if got := h.text(`select coalesce(team, 'none') from staff where id = 2`); got != "none" {
		t.Error(got)
	}
}
