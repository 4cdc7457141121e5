package admin

import (
	"net/http"
	"net/url"

	"rowhouse/tenant"
	"rowhouse/ui"
)

// lifeActs begin a tenant's life and end it.
func (p *Panel) lifeActs() []tenantAct {
	return []tenantAct{
		{key: "provisioning", right: mayServe, Icon: "rotate-ccw", Label: "Run provisioning again", button: "Run again", Hint: "Steps that are done are not repeated.", Rule: true, fits: standing.unfinished, do: (*Panel).runAgain},
		{key: "activation", right: mayServe, Icon: "circle-check", Label: "Mark as active", button: "Mark as active", Hint: "Its file is opened and its login page asked for first.", fits: standing.unfinished,
			inputs: func(_ *Panel, _ *http.Request, look *ui.Look, st standing) []input {
				return []input{confirm(look, st), {Name: "insist", Label: "Even if the CRM does not answer", Kind: "check"}}
			}, do: (*Panel).markActive},
		{key: "restoration", right: mayServe, Icon: "archive-restore", Label: "Bring it back", button: "Bring it back", Hint: "Its data was put away. It comes back as it was; the subscription stays ended until it is started again.", Rule: true,
			fits: func(st standing) bool { return st.State == tenant.Archived }, do: (*Panel).bringBack},
		{key: "archiving", right: mayRemove, Icon: "archive-restore", Label: "Close and archive", button: "Archive it", Danger: true, Rule: true,
			Hint: "Its subscription ends today, a backup is made and its folder is put away. You can bring it back until it is deleted as the policy says.", fits: standing.running,
			inputs: func(_ *Panel, _ *http.Request, look *ui.Look, st standing) []input { return []input{confirm(look, st)} }, do: (*Panel).archive},
		{key: "deletion", right: mayRemove, Icon: "trash-2", Label: "Delete for good", button: "Delete it for good", Danger: true,
			Hint:   "Its data and all of its backups are deleted at once, and nobody can bring them back. Invoices stay, as the law wants.",
			fits:   func(st standing) bool { return st.State != tenant.Purged && st.State != tenant.Provisioning },
			inputs: func(_ *Panel, _ *http.Request, look *ui.Look, st standing) []input { return []input{confirm(look, st)} }, do: (*Panel).remove},
	}
}

func (p *Panel) runAgain(r *http.Request, st standing, _ url.Values) (string, string, error) {
	err := p.Tenants.RunAgain(r.Context(), st.Name, actor(r))
	if err == nil {
		p.Wake()
	}
	return "Provisioning runs again.", tenantsPath(st.Name, "set-up"), err
}

// markActive opens a tenant whose set-up failed. Its name must be typed, as this leaves out what steps would have checked.
func (p *Panel) markActive(r *http.Request, st standing, form url.Values) (string, string, error) {
	if err := typed(st, form); err != nil {
		return "", "", err
	}
	return "The tenant is active.", "", p.Tenants.MarkActive(r.Context(), st.Name, actor(r), form.Get("insist") == "1")
}

func (p *Panel) bringBack(r *http.Request, st standing, _ url.Values) (string, string, error) {
	return "The tenant is back. Its owner can start the subscription again, or you give it a plan.", "", p.Billing.Restore(r.Context(), st.Name, actor(r))
}

func (p *Panel) archive(r *http.Request, st standing, form url.Values) (string, string, error) {
	if err := typed(st, form); err != nil {
		return "", "", err
	}
	return "The tenant is archived.", "", p.Billing.Archive(r.Context(), st.Name, actor(r))
}

func (p *Panel) remove(r *http.Request, st standing, form url.Values) (string, string, error) {
	if err := typed(st, form); err != nil {
		return "", "", err
	}
	return "The tenant is deleted.", "/admin/tenants", p.Billing.Delete(r.Context(), st.Name, actor(r))
}
