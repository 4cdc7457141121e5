package office

import (
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// View is a table that can be looked at.
type View struct {
	Name, Label string
	Columns     []string
	Money       bool   // only for the roles that see what tenants pay
	Sort        string // the order if nobody asks for another, in PocketBase's language
}

// Views returns what a role may look at.
func (o *Office) Views(role Role) []View {
	if !role.known() {
		return nil
	}
	var seen []View
	for _, v := range o.views {
		if role.Money() || !v.Money {
			seen = append(seen, v)
		}
	}
	return seen
}

func (o *Office) view(name string, role Role) (View, bool) {
	seen := o.Views(role)
	i := slices.IndexFunc(seen, func(v View) bool { return v.Name == name })
	if i < 0 {
		return View{}, false
	}
	return seen[i], true
}

// The rules by which PocketBase itself decides who reads a view, whatever stands in front of it.
const (
	anyOperator   = `@request.auth.collectionName = "operators" && @request.auth.state = "active"`
	moneyOperator = anyOperator + ` && (@request.auth.role = "owner" || @request.auth.role = "billing")`
)

func (v view) rule() string {
	if v.Money {
		return moneyOperator
	}
	return anyOperator
}

// raise brings the views up to date. One that does not work is noted and left out: it must not keep the host from starting.
func (o *Office) raise(wanted []view) error {
	for _, v := range wanted {
		c, err := collection(o.app, v)
		if err != nil {
			slog.Error("the back office leaves a view out", "view", v.Name, "error", err)
			continue
		}
		o.views = append(o.views, View{v.Name, v.Label, c.Fields.FieldNames(), v.Money, v.Sort})
	}
	kept, err := o.app.FindAllCollections(core.CollectionTypeView)
	if err != nil {
		return err
	}
	for _, c := range kept {
		if !slices.ContainsFunc(wanted, func(v view) bool { return v.Name == c.Name }) {
			if err := o.app.Delete(c); err != nil {
				return fmt.Errorf("remove the view %s: %w", c.Name, err)
			}
		}
	}
	return nil
}

// collection returns PocketBase's collection of a view, made or mended if it is not as it should be.
func collection(app *core.BaseApp, v view) (*core.Collection, error) {
	query, rule := long(v.Query), v.rule()
	c, err := app.FindCollectionByNameOrId(v.Name)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		// What is left of a view whose collection is gone would be taken for a table.
		if err := dropLeftover(app, v.Name); err != nil {
			return nil, err
		}
		c = core.NewViewCollection(v.Name)
	case err != nil:
		return nil, err
	case !c.IsView():
		return nil, errors.New("there is a collection with this name that is no view")
	case c.ViewQuery == query && same(c.ListRule, rule) && same(c.ViewRule, rule) && works(app, v.Name):
		return c, nil
	}
	c.ViewQuery, c.ListRule, c.ViewRule = query, &rule, &rule
	return c, app.Save(c)
}

func same(rule *string, as string) bool { return rule != nil && *rule == as }

// works tells whether the view is in the file and all that it refers to is there.
func works(app *core.BaseApp, name string) bool {
	var n int
	err := app.NonconcurrentDB().Select("count(*)").From("sqlite_schema").Where(dbx.HashExp{"type": "view", "name": name}).Row(&n)
	if err != nil || n == 0 {
		return false
	}
	// Nothing is read: to prepare it is enough.
	_, err = app.NonconcurrentDB().Select("*").From(name).Where(dbx.NewExp("0")).Build().Execute()
	return err == nil
}

func dropLeftover(app *core.BaseApp, name string) error {
	var kind string
	err := app.NonconcurrentDB().Select("type").From("sqlite_schema").Where(dbx.HashExp{"name": name}).Row(&kind)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	case kind != "view":
		return errors.New("the host has a table with this name")
	}
	return app.DeleteView(name)
}
