package admin

import (
	"maps"
	"net/http"

	"rowhouse/ui"
)

// routes are all pages and acts behind the door.
func (p *Panel) routes() map[string]ui.Handler {
	all := map[string]ui.Handler{}
	for _, some := range []map[string]ui.Handler{p.houseRoutes(), p.tenantRoutes(), p.actRoutes(), p.ownRoutes(), p.moneyRoutes(), p.offerRoutes(), p.moduleRoutes(), p.runRoutes(), p.pageRoutes(), p.signupRoutes(), p.newsRoutes()} {
		maps.Copy(all, some)
	}
	return all
}

// houseRoutes are the pages about tenants, letters and the public site.
func (p *Panel) houseRoutes() map[string]ui.Handler {
	return map[string]ui.Handler{
		"GET /admin":                 p.home,
		"GET /admin/letters":         p.letters,
		"GET /admin/site":            p.site,
		"POST /admin/site":           p.saveSite,
		"GET /admin/names":           p.names,
		"POST /admin/names":          p.block,
		"POST /admin/names/deletion": p.unblock,
	}
}

// ownRoutes are the pages about the operators, and about how the program itself is set up and does.
func (p *Panel) ownRoutes() map[string]ui.Handler {
	return map[string]ui.Handler{
		"GET /admin/own":                          p.own,
		"POST /admin/own/password":                p.changeOwn,
		"POST /admin/own/factor":                  p.renewFactor,
		"POST /admin/own/sessions/{key}/deletion": p.endSession,
		"GET /admin/operators":                    p.operators,
		"POST /admin/operators":                   p.addOperator,
		"GET /admin/operators/{id}":               p.showOperator,
		"POST /admin/operators/{id}":              p.saveOperator,
		"POST /admin/operators/{id}/reset":        p.resetOperator,
		"POST /admin/operators/{id}/deletion":     p.deleteOperator,
		"GET /admin/tokens":                       p.tokens,
		"POST /admin/tokens":                      p.makeToken,
		"POST /admin/tokens/{id}/deletion":        p.endToken,
		"GET /admin/setup":                        p.setup,
		"GET /admin/setup/{step}":                 p.showSetup,
		"POST /admin/setup/{step}":                p.doSetup,
		"POST /admin/setup/{step}/skip":           p.skipSetup,
		"GET /admin/settings":                     p.settings,
		"POST /admin/settings/mail":               p.saveMail,
		"POST /admin/settings/proof":              p.saveProof,
		"GET /admin/log":                          p.log,
		"GET /admin/updates":                      p.updates,
		"POST /admin/updates":                     p.updateAll,
		"POST /admin/updates/{name}":              p.updateOne,
	}
}

// moneyRoutes are the pages about what was paid, and by what it is.
func (p *Panel) moneyRoutes() map[string]ui.Handler {
	return map[string]ui.Handler{
		"GET /admin/gateways":                              p.gateways,
		"POST /admin/gateways/{gateway}":                   p.keepGateway,
		"GET /admin/events":                                p.events,
		"GET /admin/events/{gateway}/{id}":                 p.event,
		"POST /admin/events/{gateway}/{id}/replay":         p.replay,
		"GET /admin/invoices":                              p.invoices,
		"GET /admin/invoices/ledger":                       p.ledger,
		"GET /admin/invoices/{id}":                         p.invoice,
		"POST /admin/invoices/{id}/payments":               p.recordPayment,
		"POST /admin/invoices/{id}/refunds":                p.refund,
		"POST /admin/invoices/{id}/promise":                p.waitFor,
		"POST /admin/invoices/{id}/voiding":                p.void,
		"POST /admin/invoices/{id}/write-off":              p.writeOff,
		"GET /admin/customers":                             p.customers,
		"GET /admin/health":                                p.health,
		"POST /admin/alerts/{id}/closing":                  p.closeAlert,
		"GET /admin/letter-texts":                          p.letterTexts,
		"GET /admin/letter-texts/{kind}/{language}":        p.letterText,
		"POST /admin/letter-texts/{kind}/{language}":       p.keepLetter,
		"POST /admin/letter-texts/{kind}/{language}/reset": p.resetLetter,
	}
}

// offerRoutes are the pages about what is sold, and under which rules.
func (p *Panel) offerRoutes() map[string]ui.Handler {
	return map[string]ui.Handler{
		"GET /admin/plans":                     p.plans,
		"GET /admin/plans/new":                 p.newPlan,
		"POST /admin/plans":                    p.makePlan,
		"GET /admin/plans/{id}":                p.plan,
		"POST /admin/plans/{id}":               p.savePlan,
		"POST /admin/plans/{id}/position":      p.movePlan,
		"POST /admin/plans/{id}/prices":        p.addPrice,
		"POST /admin/prices/{id}/retirement":   p.retirePrice,
		"GET /admin/coupons":                   p.coupons,
		"POST /admin/coupons":                  p.addCoupon,
		"POST /admin/coupons/{id}/state":       p.turnCoupon,
		"GET /admin/seller":                    p.seller,
		"POST /admin/seller":                   p.keepSeller,
		"POST /admin/taxes":                    p.keepTax,
		"POST /admin/taxes/{country}/deletion": p.dropTax,
		"GET /admin/policies":                  p.policies,
		"GET /admin/policies/{id}":             p.policy,
		"POST /admin/policies/{id}":            p.keepPolicy,
	}
}

// tenantRoutes are the pages about tenants. What can be done with one is in actRoutes.
func (p *Panel) tenantRoutes() map[string]ui.Handler {
	return map[string]ui.Handler{
		"GET /admin/tenants":                             p.list,
		"POST /admin/tenants":                            p.create,
		"GET /admin/tenants/new":                         p.newTenant,
		"POST /admin/tenants/bulk":                       p.bulk,
		"GET /admin/tenants/export":                      p.exportTenants,
		"GET /admin/tenants/{name}":                      p.show,
		"GET /admin/tenants/{name}/invoices":             p.tenantInvoices,
		"GET /admin/tenants/{name}/acts":                 p.menu,
		"GET /admin/tenants/{name}/limits":               p.limits,
		"POST /admin/tenants/{name}/limits":              p.agreeLimit,
		"POST /admin/tenants/{name}/limits/deletion":     p.dropLimit,
		"GET /admin/tenants/{name}/staff":                p.tenantStaff,
		"GET /admin/tenants/{name}/set-up":               p.setUp,
		"GET /admin/tenants/{name}/backups":              p.backups,
		"POST /admin/tenants/{name}/backups/restoration": p.restoreBackup,
		"GET /admin/tenants/{name}/log":                  p.tenantLog,
		"GET /admin/tenants/{name}/entry":                p.showEntry,
		"POST /admin/tenants/{name}/entry":               p.enter,
		"GET /admin/tenants/{name}/plan":                 p.givePage,
		"POST /admin/tenants/{name}/plan":                p.give,
		"GET /admin/tenants/{name}/instructions":         p.instructions,
		"POST /admin/tenants/{name}/instructions":        p.downloadInstructions,
	}
}

// menu is the navigation of the panel, by what a host does.
var menu = []ui.Group{
	{Items: []ui.Item{
		{Label: "Dashboard", URL: "/admin", Icon: "layout-dashboard", Key: "d"},
		{Label: "Tenants", URL: "/admin/tenants", Icon: "building-2", Key: "t"},
		{Label: "Invoices", URL: "/admin/invoices", Icon: "receipt", Key: "i"},
		{Label: "Customers", URL: "/admin/customers", Icon: "users", Key: "u"},
		{Label: "Letters", URL: "/admin/letters", Icon: "mail", Key: "l"},
		{Label: "Health", URL: "/admin/health", Icon: "activity", Key: "h"},
	}},
	{Label: "What is sold", Items: []ui.Item{
		{Label: "Plans and prices", URL: "/admin/plans", Icon: "tag", Key: "n"},
		{Label: "Modules", URL: "/admin/modules", Icon: "folder-kanban", Key: "m"},
		{Label: "Coupons", URL: "/admin/coupons", Icon: "percent", Key: "o"},
		{Label: "Seller and taxes", URL: "/admin/seller", Icon: "badge-check", Key: "s"},
		{Label: "Policies", URL: "/admin/policies", Icon: "calendar-clock", Key: "y"},
	}},
	{Label: "Payments", Items: []ui.Item{
		{Label: "Gateways", URL: "/admin/gateways", Icon: "credit-card", Key: "w"},
		{Label: "Events", URL: "/admin/events", Icon: "zap", Key: "v"},
	}},
	{Label: "House", Items: []ui.Item{
		{Label: "Operators", URL: "/admin/operators", Icon: "users-round", Key: "r"},
		{Label: "Data browser", URL: "/back-office/", Icon: "database", Key: "a"},
		{Label: "Updates", URL: "/admin/updates", Icon: "rocket", Key: "z"},
		{Label: "Backups", URL: "/admin/backups", Icon: "hard-drive", Key: "q"},
		{Label: "Audit log", URL: "/admin/log", Icon: "shield-check", Key: "g"},
		{Label: "Settings", URL: "/admin/settings", Icon: "settings", Key: "e"},
		{Label: "API tokens", URL: "/admin/tokens", Icon: "key-round", Key: "k"},
		{Label: "Webhooks", URL: "/admin/webhooks", Icon: "share-2", Key: "f"},
	}},
	{Label: "Public site", Items: []ui.Item{
		{Label: "Pages", URL: "/admin/pages", Icon: "globe", Key: "p"}, {Label: "Sign-ups", URL: "/admin/signups", Icon: "user-plus", Key: "b"},
		{Label: "Announcements", URL: "/admin/announcements", Icon: "bell", Key: "c"}, {Label: "Name and colour", URL: "/admin/site", Icon: "house", Key: "j"},
		{Label: "Texts of letters", URL: "/admin/letter-texts", Icon: "type", Key: "x"},
		{Label: "Blocked names", URL: "/admin/names", Icon: "lock"},
	}},
}

// frame begins a page of the panel.
func (p *Panel) frame(w http.ResponseWriter, r *http.Request, title, here string) ui.Frame {
	f := ui.NewFrame(r, ui.LookOf(r).T(title))
	for _, g := range menu {
		group := ui.Group{}
		if g.Label != "" {
			group.Label = f.T(g.Label)
		}
		for _, item := range g.Items {
			item.Label = f.T(item.Label)
			item.Current = item.URL == here
			group.Items = append(group.Items, item)
		}
		f.Menu = append(f.Menu, group)
	}
	f.Tabs = f.Menu[0].Items[:4]
	f.Person = &ui.Person{Name: visitOf(r).operator.Name, SignOut: "/admin/logout", URL: "/admin/own", Items: []ui.Item{{Label: f.T("My account"), URL: "/admin/own", Icon: "user-round"}, {Label: f.T("Public site"), URL: "/", Icon: "external-link"}}}
	f.Toast = ui.TakeToast(w, r)
	return f
}

// below is a frame of a page below one of the menu.
func (p *Panel) below(w http.ResponseWriter, r *http.Request, title, parent, here string) ui.Frame {
	f := p.frame(w, r, title, here)
	f.Crumbs = []ui.Item{{Label: f.T(parent), URL: here}}
	return f
}
