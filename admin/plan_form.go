package admin

import (
	"net/http"
	"strconv"
	"strings"

	"rowhouse/billing"
	"rowhouse/crm/entity"
	"rowhouse/tenant"
	"rowhouse/ui"
)

// planForm is a plan's editor, without its prices.
func (p *Panel) planForm(r *http.Request, look *ui.Look, plan billing.Plan) (box, error) {
	action := "/admin/plans"
	if plan.ID > 0 {
		action += "/" + strconv.FormatInt(plan.ID, 10)
	}
	policies, err := p.Billing.Policies(r.Context())
	if err != nil {
		return box{}, err
	}
	gateways, err := p.Billing.Gateways(r.Context())
	if err != nil {
		return box{}, err
	}
	modules, err := p.modules(r)
	if err != nil {
		return box{}, err
	}
	f := box{Look: look, ID: "plan", Action: action, Label: "The plan", Button: look.T("Save"), Inputs: []input{
		{Name: "name", Label: "Name", Value: plan.Name, Required: true, Most: 60},
		{Name: "slug", Label: "Address", Value: plan.Slug, Required: true, Most: 40, Unit: "/prices/…"},
		{Name: "tagline", Label: "Line below the name", Value: plan.Tagline, Wide: true},
		{Name: "texts", Label: "What it includes, one thing on each line", Kind: "area", Lines: 6, Most: 4000, Value: strings.Join(plan.Features, "\n")},
		{Name: "visibility", Label: "Who sees it", Kind: "select", Options: choose(visibilities(look), string(plan.Visibility))},
		{Name: "policy", Label: "Policy", Kind: "select", Options: policyOptions(policies, plan.Policy), Hint: "What happens when it is not paid."},
		{Name: "trial_days", Label: "Days of trial", Kind: "number", Value: strconv.Itoa(plan.TrialDays), Hint: "0 is none."},
		{Name: "trial_method", Label: "A trial begins with a saved way to pay", Kind: "check", On: plan.TrialMethod},
		{Name: "highlighted", Label: "Recommended", Kind: "check", On: plan.Highlighted, Hint: "It stands out on the price page."},
		{Name: "contact", Label: "Sold by talking to you", Kind: "check", On: plan.Contact, Hint: "Visitors see a way to write to you instead of a price."},
		limitInput(look, "staff", plan.Staff, 1, false)}}
	f.Inputs = append(f.Inputs, limitInput(look, "room", plan.Room, 1<<20, true), modulesInput(modules, look, plan))
	for _, m := range modules {
		n, limited := plan.Records[m.Name]
		if !limited {
			n = tenant.Unlimited
		}
		i := limitInput(look, "records_"+m.Name, n, 1, true)
		i.Label, i.Unit = m.Many, look.T("records")
		f.Inputs = append(f.Inputs, i)
	}
	f.Inputs = append(f.Inputs, gatewaysInput(look, gateways, plan))
	return f, nil
}

func visibilities(look *ui.Look) []option {
	var all []option
	for _, v := range []billing.Visibility{billing.Public, billing.Link, billing.Hidden, billing.Retired} {
		all = append(all, option{Value: string(v), Label: look.T(visibilityWords[v])})
	}
	return all
}

func policyOptions(policies []billing.PolicyRow, chosen int64) []option {
	var all []option
	for _, policy := range policies {
		all = append(all, option{Value: strconv.FormatInt(policy.ID, 10), Label: policy.Name})
	}
	return choose(all, strconv.FormatInt(chosen, 10))
}

// limitInput is a limit as a control of three ways: there is no number that means something else than itself.
func limitInput(look *ui.Look, name string, n, unit int64, off bool) input {
	i := input{Name: name, Kind: "limit", Options: []option{{Value: "unlimited", Label: look.T("Unlimited")}, {Value: "limited", Label: look.T("Limited to")}}}
	if off {
		i.Options = append(i.Options, option{Value: "off", Label: look.T("Off")})
	}
	switch name {
	case "staff":
		i.Label, i.Unit = "Members of staff", look.T("people")
	case "room":
		i.Label, i.Unit = "Room for files", "MB"
	}
	switch {
	case n == tenant.Unlimited:
		i.Options = choose(i.Options, "unlimited")
	case n == 0 && off:
		i.Options = choose(i.Options, "off")
	default:
		i.Options, i.Number = choose(i.Options, "limited"), strconv.FormatInt(n/unit, 10)
	}
	return i
}

func modulesInput(modules []entity.Entity, look *ui.Look, plan billing.Plan) input {
	i := input{Name: "modules", Label: "Modules", Kind: "checks", Hint: "What is not included is hidden. Its data is kept."}
	limits := plan.Limits()
	for _, m := range modules {
		i.Options = append(i.Options, option{Value: m.Module, Label: look.T(m.Many), On: limits.Includes(m.Module)})
	}
	return i
}

func gatewaysInput(look *ui.Look, all []billing.Turned, plan billing.Plan) input {
	i := input{Name: "gateways", Label: "Ways to pay", Kind: "checks", Hint: "None chosen: all that are on."}
	for _, g := range all {
		i.Options = append(i.Options, option{Value: g.Name, Label: look.T(g.Label)})
	}
	i.Options = choose(i.Options, plan.Gateways...)
	return i
}
