package settings

import (
	"context"
	"strings"
	"testing"

	"rowhouse/crm/record"
)

func TestAFieldOfOnesOwnIsAColumnAndIsUsed(t *testing.T) {
	h := newHouse(t)
	h.post(owner, "/admin/settings/fields/lead", 303, "label", "Budget class", "kind", "select", "options", "Small\r\n\r\nLarge\nsmall", "section", "More", "required", "1", "position", "5")
	if got := h.text(`select count(*) from pragma_table_info('lead') where name = 'x_budget_class'`); got != "1" {
		t.Fatal("there is no column")
	}
	if got := h.text(`select json_array_length(options) from field`); got != "2" {
		t.Errorf("%s choices: a doubled or an empty one was taken", got)
	}
	d := h.desk(owner)
	ctx, leads := context.Background(), d.Store.Book.Entity("lead")
	if _, err := d.Store.Create(ctx, leads, record.Values{"name": "Without"}); err == nil {
		t.Error("a record was saved without the required field")
	}
	if _, err := d.Store.Create(ctx, leads, record.Values{"name": "With", "x_budget_class": "Large"}); err != nil {
		t.Fatal(err)
	}
	found, err := d.Store.List(ctx, leads, record.Query{Fields: []string{"name", "x_budget_class"}, Size: 10})
	if err != nil || len(found.Rows) != 1 || found.Rows[0].Value("x_budget_class") != "Large" {
		t.Errorf("%v %v", found, err)
	}
	if body := h.get(owner, "/admin/settings/fields/lead", 200); !strings.Contains(body, "Budget class") || !strings.Contains(body, "Your own") {
		t.Error("the field is not on its page")
	}
}

func TestAFieldIsChangedButNotItsKind(t *testing.T) {
	h := newHouse(t)
	h.post(owner, "/admin/settings/fields/lead", 303, "label", "Size", "kind", "multi", "options", "Small\nLarge")
	at := "/admin/settings/fields/lead/x_size"
	h.post(owner, at, 422, "label", "Size", "kind", "line")
	h.post(owner, at, 303, "label", "Company size", "options", "Large\nHuge", "hidden", "1", "hint", "How many work there")
	if got := h.text(`select label || kind || hidden || options from field`); got != `Company sizemulti1[{"key":"Large","label":"Large","hue":1},{"key":"Huge","label":"Huge","hue":1}]` {
		t.Error(got)
	}
	h.post(owner, at, 422, "label", "Size", "options", "")
	h.post(owner, at, 422, "label", "Size", "options", "A, B")
	h.post(owner, "/admin/settings/fields/lead/x_none", 404, "label", "None")
	h.post(owner, "/admin/settings/fields/none", 404, "label", "None")
}

func TestAFieldOfTheProductIsRenamedAndHidden(t *testing.T) {
	h := newHouse(t)
	h.post(owner, "/admin/settings/fields/lead/title", 303, "label", "Job", "hidden", "1", "position", "-3")
	f, _ := h.desk(owner).Store.Book.Entity("lead").Field("title")
	if f.Label != "Job" || !f.Hidden || f.Position != -3 {
		t.Errorf("%+v", f)
	}
	h.post(owner, "/admin/settings/fields/lead/title", 303, "label", "Job", "position", "0")
	h.post(owner, "/admin/settings/fields/lead/name", 303, "label", "Name", "hidden", "1")
	if f, _ := h.desk(owner).Store.Book.Entity("lead").Field("name"); f.Hidden {
		t.Error("a required field is hidden")
	}
	h.post(owner, "/admin/settings/fields/customer/kind", 303, "label", "Type") // a select with choices of its own
	body := h.post(owner, "/admin/settings/fields/lead/title", 422, "label", "", "position", "many")
	if !strings.Contains(body, `value="many"`) {
		t.Error("what was typed is gone")
	}
}

func TestHostileFieldsAreRefusedOrHarmless(t *testing.T) {
	h := newHouse(t)
	for _, label := range []string{"", " ", strings.Repeat("x", 300), "\u202e"} {
		h.post(owner, "/admin/settings/fields/lead", 422, "label", label, "kind", "line")
	}
	h.post(owner, "/admin/settings/fields/lead", 422, "label", "A", "kind", "pick")
	h.post(owner, "/admin/settings/fields/lead", 422, "label", "A", "kind", "select")
	h.post(owner, "/admin/settings/fields/lead", 422, "label", "A", "kind", "select", "options", strings.Repeat("x", 101))
	h.post(owner, "/admin/settings/fields/lead", 303, "label", `"); drop table lead; --`, "kind", "money")
	h.post(owner, "/admin/settings/fields/lead", 422, "label", `"); DROP table lead; --`, "kind", "line") // the same name
	h.post(owner, "/admin/settings/fields/lead", 303, "label", `drop table lead`, "kind", "line")         // another name, another key
	h.post(owner, "/admin/settings/fields/lead", 303, "label", "\u202eevil", "kind", "line")
	if got := h.text(`select group_concat(name) from pragma_table_info('lead') where name like 'x!_%' escape '!'`); got != "x_drop_table_lead,x_drop_table_lead_currency,x_drop_table_lead_2,x_evil" {
		t.Error(got)
	}
	h.get(owner, "/admin/settings/fields/lead/x_drop_table_lead", 200)
	h.lead("Still there", 1, 0)
}
