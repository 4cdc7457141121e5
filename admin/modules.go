package admin

import (
	"net/http"

	"rowhouse/crm/contact"
	"rowhouse/crm/custom"
	"rowhouse/crm/customer"
	"rowhouse/crm/entity"
	"rowhouse/crm/lead"
	"rowhouse/ui"
)

// builtin are the modules of this program.
func (p *Panel) builtin() []entity.Entity {
	if len(p.Modules) > 0 {
		return p.Modules
	}
	return []entity.Entity{lead.Entity, customer.Entity, contact.Entity}
}

// modules are what a plan can include: the built-in ones, and those that the host has uploaded.
func (p *Panel) modules(r *http.Request) ([]entity.Entity, error) {
	all := p.builtin()
	if p.Shelf == nil {
		return all, nil
	}
	uploaded, err := p.Shelf.Newest(r.Context())
	for _, m := range uploaded {
		all = append(all[:len(all):len(all)], entity.Entity{Name: m.Key(), Module: m.Key(), Many: m.Label})
	}
	return all, err
}

var modulesPage = ui.Parse[moduleList](files, ui.App, "modules.html")

type moduleList struct {
	ui.Frame
	Rows []moduleRow
}

// moduleRow is an uploaded module, and who has it.
type moduleRow struct {
	*custom.Module
	custom.Use
}

func (p *Panel) listModules(w http.ResponseWriter, r *http.Request) error {
	page := moduleList{Frame: p.frame(w, r, "Modules", "/admin/modules")}
	all, err := p.Shelf.Newest(r.Context())
	if err != nil {
		return err
	}
	for _, m := range all {
		use, err := p.Shelf.Use(r.Context(), m.Name)
		if err != nil {
			return err
		}
		page.Rows = append(page.Rows, moduleRow{m, use})
	}
	return modulesPage.Show(w, r, page)
}

// moduleRoutes are the pages about the modules that the host describes.
func (p *Panel) moduleRoutes() map[string]ui.Handler {
	if p.Shelf == nil {
		return nil
	}
	return map[string]ui.Handler{
		"GET /admin/modules":                          p.listModules,
		"GET /admin/modules/new":                      p.newModule,
		"POST /admin/modules":                         p.addModule,
		"GET /admin/modules/example":                  p.exampleModule,
		"GET /admin/modules/{name}":                   p.module,
		"GET /admin/modules/{name}/versions/{number}": p.moduleText,
		"POST /admin/modules/{name}/deletion":         p.removeModule,
	}
}
