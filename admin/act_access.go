package admin

import (
	"net/http"
	"net/url"
	"strings"

	"rowhouse/tenant"
	"rowhouse/ui"
)

// accessActs open and close a tenant's doors.
func (p *Panel) accessActs() []tenantAct {
	return []tenantAct{
		{key: "entry", right: mayEnter, Icon: "key-round", Label: "Log in as the owner", button: "Make the link", fits: standing.running,
			Hint: "For a quarter of an hour, with a banner on every page. Both logs say who, when and why. The customer can allow it always, only when asked, or never.",
			inputs: func(*Panel, *http.Request, *ui.Look, standing) []input {
				return []input{{Name: "reason", Label: "Why", Hint: "The customer can read it.", Required: true, Wide: true}}
			}, Page: "entry"},
		{key: "suspension", right: mayServe, Icon: "lock", Label: "Suspend", button: "Suspend", Hint: "Nothing is deleted, and you can open it again at any time.",
			fits: func(st standing) bool {
				return st.running() && !st.held(tenant.Manual) && !st.held(tenant.Abuse) && !st.held(tenant.LegalLock)
			}, inputs: suspensionInputs, do: (*Panel).suspend},
		{key: "resumption", right: mayServe, Icon: "house", Label: "Resume", button: "Resume", Hint: "Open the site again.",
			fits: func(st standing) bool {
				return st.held(tenant.Manual) || st.held(tenant.Abuse) || st.held(tenant.LegalLock)
			}, do: (*Panel).resume},
		{key: "maintenance", right: mayServe, Icon: "settings", Label: "Maintenance mode", button: "Begin", Hint: "Visitors are told to come back in a few minutes, and programs get a 503.",
			fits: func(st standing) bool { return st.running() && !st.held(tenant.Maintenance) },
			inputs: func(*Panel, *http.Request, *ui.Look, standing) []input {
				return []input{{Name: "note", Label: "What the staff are told", Wide: true}}
			}, do: (*Panel).beginMaintenance},
		{key: "maintenance-end", right: mayServe, Icon: "settings", Label: "End the maintenance", button: "End it",
			fits: func(st standing) bool { return st.held(tenant.Maintenance) }, do: (*Panel).endMaintenance},
	}
}

func suspensionInputs(_ *Panel, _ *http.Request, look *ui.Look, _ standing) []input {
	return []input{{Name: "level", Label: "How far", Kind: "select", Options: []option{{Label: look.T("Close it"), On: true}, {Value: "read", Label: look.T("Leave reading open")}}},
		{Name: "reason", Label: "Why", Kind: "select", Options: []option{{Label: look.T("Suspended by you"), On: true}, {Value: tenant.Abuse, Label: look.T("Abuse")}, {Value: tenant.LegalLock, Label: look.T("Locked for legal reasons")}}},
		{Name: "note", Label: "What the staff are told", Wide: true}}
}

func (p *Panel) suspend(r *http.Request, st standing, form url.Values) (string, string, error) {
	h := tenant.Hold{Reason: tenant.Manual, Level: tenant.Blocked, Note: strings.TrimSpace(form.Get("note"))}
	if form.Get("level") == "read" {
		h.Level = tenant.ReadOnly
	}
	if reason := form.Get("reason"); reason == tenant.Abuse || reason == tenant.LegalLock {
		h.Reason = reason
	}
	return "The tenant is suspended.", "", p.Tenants.Hold(r.Context(), st.Name, h, actor(r))
}

// resume takes away every hold that an operator can set.
func (p *Panel) resume(r *http.Request, st standing, _ url.Values) (string, string, error) {
	for _, reason := range []string{tenant.Manual, tenant.Abuse, tenant.LegalLock} {
		if !st.held(reason) {
			continue
		}
		if err := p.Tenants.Release(r.Context(), st.Name, reason, actor(r)); err != nil {
			return "", "", err
		}
	}
	return "The tenant is open again.", "", nil
}

func (p *Panel) beginMaintenance(r *http.Request, st standing, form url.Values) (string, string, error) {
	h := tenant.Hold{Reason: tenant.Maintenance, Level: tenant.Blocked, Note: strings.TrimSpace(form.Get("note"))}
	return "The maintenance has begun.", "", p.Tenants.Hold(r.Context(), st.Name, h, actor(r))
}

func (p *Panel) endMaintenance(r *http.Request, st standing, _ url.Values) (string, string, error) {
	return "The maintenance is over.", "", p.Tenants.Release(r.Context(), st.Name, tenant.Maintenance, actor(r))
}
