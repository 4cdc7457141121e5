package settings

import (
	"context"
	"strings"
	"testing"

	"rowhouse/crm/record"
)

func TestDeletingAChoiceMovesItsRecords(t *testing.T) {
	h := newHouse(t)
	first, gone := h.lead("First", 2, 0), h.lead("Gone", 2, 0)
	other := h.lead("Other", 1, 0)
	d := h.desk(owner)
	if err := d.Store.Delete(context.Background(), d.Store.Book.Entity("lead"), gone); err != nil {
		t.Fatal(err)
	}
	if body := h.get(owner, "/admin/settings/choices/2/deletion", 200); !strings.Contains(body, "2 records have it") {
		t.Error("the form does not say how many records have it")
	}
	h.post(owner, "/admin/settings/choices/2/deletion", 422, "to", "")
	h.post(owner, "/admin/settings/choices/2/deletion", 422, "to", "nothing") // a status cannot be empty
	h.post(owner, "/admin/settings/choices/2/deletion", 422, "to", "2")
	h.post(owner, "/admin/settings/choices/2/deletion", 422, "to", "6") // of another list
	h.post(owner, "/admin/settings/choices/2/deletion", 422, "to", "x")
	h.post(owner, "/admin/settings/choices/2/deletion", 303, "to", "3")
	if got := h.text(`select group_concat(status order by id) from lead`); got != "3,3,1" {
		t.Errorf("statuses are %s", got)
	}
	if got := h.text(`select count(*) from choice where id = 2`); got != "0" {
		t.Error("the choice is still there")
	}
	if got := h.text(`select changes from activity where entity = 'lead' and record = ? and act = 'updated'`, first); got != `{"status":["Talking","Customer"]}` {
		t.Errorf("the timeline says %s", got)
	}
	if got := h.text(`select version from lead where id = ?`, first); got != "2" {
		t.Errorf("version %s: an open form would overwrite the change", got)
	}
	if got := h.text(`select version from lead where id = ?`, other); got != "1" {
		t.Error("a record that did not have it was changed")
	}
}

func TestAnOptionalChoiceMayLeaveTheFieldEmpty(t *testing.T) {
	h := newHouse(t)
	h.lead("First", 1, 6)
	h.post(owner, "/admin/settings/choices/6/deletion", 422, "to", "")
	h.post(owner, "/admin/settings/choices/6/deletion", 303, "to", "nothing")
	if got := h.text(`select coalesce(source, 'none') from lead`); got != "none" {
		t.Errorf("the source is %s", got)
	}
	h.post(owner, "/admin/settings/choices/7/deletion", 303)
}

func TestRecordsOfAModuleThatThePlanLacksAreMovedToo(t *testing.T) {
	h := newHouse(t)
	h.exec(`create table visit (id integer primary key, status integer references choice (id)) strict`)
	h.exec(`insert into visit (status) values (2)`)
	h.post(owner, "/admin/settings/choices/2/deletion", 303, "to", "1")
	if got := h.text(`select status from visit`); got != "1" {
		t.Errorf("the visit has %s", got)
	}
}

func TestAListHasOneDefault(t *testing.T) {
	h := newHouse(t)
	main := func(want string) {
		t.Helper()
		if got := h.text(`select group_concat(id) from choice where list = 'lead.status' and main = 1`); got != want {
			t.Errorf("default is %q, want %q", got, want)
		}
	}
	h.post(owner, "/admin/settings/choices/2/default", 303, "main", "1")
	main("2")
	h.post(owner, "/admin/settings/choices/2/default", 422, "main", "0")
	h.post(owner, "/admin/settings/choices/3/default", 422, "main", "1") // won
	h.post(owner, "/admin/settings/choices/2/archiving", 422, "archived", "1")
	h.post(owner, "/admin/settings/choices/2/deletion", 422, "to", "1")
	h.post(owner, "/admin/settings/choices/2", 422, "label", "Talking", "hue", "3", "kind", "won")
	main("2")
	h.post(owner, "/admin/settings/choices/1/archiving", 303, "archived", "1")
	h.post(owner, "/admin/settings/choices/1/default", 422, "main", "1")
	main("2")
	h.post(owner, "/admin/settings/choices/6/default", 303, "main", "1")
	h.post(owner, "/admin/settings/choices/6/default", 303, "main", "0") // a source may have none
}

func TestTheLastOfAKindStays(t *testing.T) {
	h := newHouse(t)
	for _, id := range []string{"3", "4", "5"} {
		h.post(owner, "/admin/settings/choices/"+id+"/deletion", 422, "to", "1")
		h.post(owner, "/admin/settings/choices/"+id+"/archiving", 422, "archived", "1")
		h.post(owner, "/admin/settings/choices/"+id, 422, "label", "Other", "hue", "1", "kind", "open")
	}
	h.post(owner, "/admin/settings/lists/lead.status", 303, "label", "Signed", "hue", "4", "kind", "won")
	h.post(owner, "/admin/settings/choices/3/deletion", 303, "to", "1")
}

func TestChoicesKeepTheirOrder(t *testing.T) {
	h := newHouse(t)
	order := func(want string) {
		t.Helper()
		if got := h.text(`select group_concat(id order by position, id) from choice where list = 'lead.status'`); got != want {
			t.Errorf("order is %s, want %s", got, want)
		}
	}
	h.post(owner, "/admin/settings/choices/3/position", 303, "way", "up")
	order("1,3,2,4,5")
	h.post(owner, "/admin/settings/choices/1/position", 303, "way", "up")
	order("1,3,2,4,5")
	h.post(owner, "/admin/settings/choices/1/position", 303, "way", "down")
	order("3,1,2,4,5")
	h.post(owner, "/admin/settings/choices/1/position", 422, "way", "sideways")
}

func TestHostileWordsInAListAreRefusedOrHarmless(t *testing.T) {
	h := newHouse(t)
	add := func(status int, label string) string {
		t.Helper()
		return h.post(owner, "/admin/settings/lists/lead.source", status, "label", label, "hue", "1")
	}
	add(422, "")
	add(422, strings.Repeat("x", 300))
	add(422, "wEB") // there is one
	add(303, `"); drop table lead; --`)
	add(303, "\u202egnp.exe\u2066")
	if got := h.text(`select label from choice order by id desc limit 1`); got != "gnp.exe" {
		t.Errorf("kept %q", got)
	}
	add(303, `<script>alert(1)</script>`)
	if body := h.get(owner, "/admin/settings/lists/lead.source", 200); strings.Contains(body, "<script>alert") {
		t.Error("a label runs")
	}
	h.post(owner, "/admin/settings/lists/lead.source", 422, "label", "A", "hue", "12")
	h.post(owner, "/admin/settings/lists/lead.status", 422, "label", "A", "hue", "1", "kind", "super")
	body := h.post(owner, "/admin/settings/lists/lead.status", 422, "label", "", "hue", "9", "kind", "won")
	if !strings.Contains(body, `value="9" checked`) || !strings.Contains(body, `value="won" selected`) {
		t.Error("what was typed is gone")
	}
	h.get(owner, "/admin/settings/lists/no.list", 404)
	h.get(owner, "/admin/settings/choices/999", 404)
	h.lead("Still there", 1, 0)
}

func TestAListIsBounded(t *testing.T) {
	h := newHouse(t)
	for i := range record.MaxChoices {
		h.exec(`insert into choice (list, label, position) values ('lead.lost_reason', ?, ?)`, "Reason "+itoa(int64(i)), i)
	}
	h.post(owner, "/admin/settings/lists/lead.lost_reason", 422, "label", "One more", "hue", "1")
}

func TestTheFirstOpenStageOfAnEmptyListIsItsDefault(t *testing.T) {
	h := newHouse(t)
	h.exec(`delete from choice where list = 'lead.status'`)
	h.post(owner, "/admin/settings/lists/lead.status", 303, "label", "Won", "hue", "4", "kind", "won")
	h.post(owner, "/admin/settings/lists/lead.status", 303, "label", "New", "hue", "7", "kind", "open")
	h.post(owner, "/admin/settings/lists/lead.status", 303, "label", "Next", "hue", "7", "kind", "open")
	if got := h.text(`select label from choice where list = 'lead.status' and main = 1`); got != "New" {
		t.Errorf("default is %q", got)
	}
}
