package admin

import (
	"context"
	"database/sql"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rowhouse/billing"
	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
	"rowhouse/ui/mail"
)

// setupSteps are the steps of the first set-up, in their order.
var setupSteps = []setupStep{
	{"domain", "Domain", "Under which name visitors find you. Each tenant is at a name below it, so point a wildcard (*) at this server as well.", (*Panel).domainDone, (*Panel).domainForm, (*Panel).keepDomain},
	{"mail", "Mail", "From where letters are sent. Until one has arrived, all of them wait in the outbox.", (*Panel).mailDone, (*Panel).mailStep, (*Panel).doMail},
	{"gateways", "Payments", "How customers pay. The rehearsal takes no real money and is good for trying out.", (*Panel).gatewaysDone, (*Panel).gatewaysForm, (*Panel).keepGateways},
	{"plans", "Plans", "What you sell. Three plans are there to begin with; change them as you like.", (*Panel).plansDone, (*Panel).plansForm, (*Panel).keepPlans},
	{"brand", "Brand", "Your name and colour, on every page and in every letter.", (*Panel).brandDone, (*Panel).brandForm, (*Panel).keepBrand},
	{"example", "Example tenant", "A company with example data, to look around in before the first customer comes.", (*Panel).exampleDone, (*Panel).exampleForm, (*Panel).makeExample},
}

// setFact tells whether a setting is kept or given.
func (p *Panel) setFact(ctx context.Context, key string) (bool, error) {
	value, _, err := p.Settings.Get(ctx, key)
	return value != "", err
}

func (p *Panel) domainDone(ctx context.Context) (bool, error) { return p.setFact(ctx, "domain") }

var domainShape = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}(:[0-9]{1,5})?$`)

func (p *Panel) domainForm(r *http.Request, page *setupSheet) error {
	value, source, err := p.Settings.Get(r.Context(), "domain")
	if err != nil {
		return err
	}
	if source != "" && source != "panel" {
		page.Facts = []tab{{Label: value + ", " + page.T(sourceWords[source]), URL: "/admin/settings"}}
		return nil
	}
	if value == "" && !strings.HasPrefix(p.Tenants.Domain, "localhost") {
		value = p.Tenants.Domain
	}
	page.Form = &box{Look: page.Look, ID: "domain", Action: "/admin/setup/domain", Label: "Domain", Hint: "It counts from the next start of the program on.", Button: page.T("Save"),
		Inputs: []input{{Name: "domain", Label: "Domain", Value: value, Required: true, Most: 253, Hint: "Such as example.com, without https://"}}}
	return nil
}

func (p *Panel) keepDomain(r *http.Request, form url.Values) error {
	domain := strings.ToLower(strings.TrimSpace(form.Get("domain")))
	domain = strings.Trim(strings.TrimPrefix(strings.TrimPrefix(domain, "https://"), "http://"), "/")
	if !domainShape.MatchString(domain) || len(domain) > 253 {
		return about("domain", fault.New(fault.Invalid, "Please enter a name like example.com."))
	}
	return p.keepSetting(r, "domain", domain)
}

// keepSetting keeps one setting and notes it.
func (p *Panel) keepSetting(r *http.Request, key, value string) error {
	return p.DB.Tx(r.Context(), func(tx *sql.Tx) error {
		if err := p.Settings.Set(r.Context(), tx, key, value); err != nil {
			return err
		}
		return p.Tenants.Audit(r.Context(), tx, actor(r), "setting changed", "", key+" = "+value)
	})
}

func (p *Panel) mailDone(ctx context.Context) (bool, error) {
	m, err := p.Settings.Mailbox(ctx)
	if err != nil && fault.Of(err).Kind != fault.Ours {
		return false, nil
	}
	return m.Server != nil && m.Proven, err
}

func (p *Panel) mailStep(r *http.Request, page *setupSheet) error {
	m, err := p.Settings.Mailbox(r.Context())
	if err != nil && fault.Of(err).Kind == fault.Ours {
		return err
	}
	_, source, err := p.Settings.Get(r.Context(), "smtp")
	switch {
	case err != nil:
		return err
	case source != "" && source != "panel":
		page.Facts = []tab{{Label: page.T("It is set by the %s, and can be changed only there.", page.T(sourceWords[source])), URL: "/admin/settings"}}
	case m.Server != nil && !m.Proven:
		form := codeForm(page.Look, "/admin/setup/mail")
		page.Form, page.Facts = &form, []tab{{Label: page.T("Another mail server"), URL: "/admin/settings"}}
	case m.Server != nil:
		page.Facts = []tab{{Label: m.From, URL: "/admin/settings"}}
	default:
		form := p.mailForm(page.Look, m, "/admin/setup/mail")
		page.Form = &form
	}
	return nil
}

func (p *Panel) doMail(r *http.Request, form url.Values) error {
	if form.Has("code") {
		return p.proveMail(r, form)
	}
	return p.keepMail(r, form)
}

func (p *Panel) gatewaysDone(ctx context.Context) (bool, error) {
	all, err := p.Billing.Gateways(ctx)
	return slices.ContainsFunc(all, func(t billing.Turned) bool { return t.Enabled }), err
}

func (p *Panel) gatewaysForm(r *http.Request, page *setupSheet) error {
	all, err := p.Billing.Gateways(r.Context())
	if err != nil {
		return err
	}
	b := box{Look: page.Look, ID: "gateways", Action: "/admin/setup/gateways", Label: "Payments", Button: page.T("Save")}
	for _, t := range all {
		switch t.Name {
		case "offline":
			b.Inputs = append(b.Inputs, input{Name: "offline", Label: "Bank transfer", Kind: "area", Lines: 3, Value: t.Known["instructions"], Hint: "What customers are told, such as your IBAN. Empty: not offered."})
		case "rehearsal":
			b.Inputs = append(b.Inputs, input{Name: "rehearsal", Label: "Rehearsal", Kind: "check", On: t.Enabled, Hint: "Anybody can \"pay\" with it. Turn it off before you sell."})
		default:
			page.Facts = append(page.Facts, tab{Label: page.T("Set up %s", page.T(t.Label)), URL: "/admin/gateways", Current: t.Enabled})
		}
	}
	page.Form = &b
	return nil
}

func (p *Panel) keepGateways(r *http.Request, form url.Values) error {
	told := strings.TrimSpace(form.Get("offline"))
	keys := gateway.Keys{}
	if told != "" {
		keys["instructions"] = told
	}
	if err := p.Billing.KeepGateway(r.Context(), "offline", keys, told != "", actor(r)); err != nil {
		return about("offline", err)
	}
	return p.Billing.KeepGateway(r.Context(), "rehearsal", nil, form.Get("rehearsal") == "1", actor(r))
}

func (p *Panel) plansDone(ctx context.Context) (bool, error) { return p.setFact(ctx, "setup.plans") }

func (p *Panel) plansForm(r *http.Request, page *setupSheet) error {
	rows, err := p.Billing.PlanRows(r.Context())
	if err != nil {
		return err
	}
	for _, row := range rows {
		page.Facts = append(page.Facts, tab{Label: row.Name, URL: "/admin/plans/" + strconv.FormatInt(row.ID, 10)})
	}
	page.Facts = append(page.Facts, tab{Label: page.T("New plan"), URL: "/admin/plans/new"}, tab{Label: page.T("Currency, seller and taxes"), URL: "/admin/seller"})
	page.Form = &box{Look: page.Look, ID: "plans", Action: "/admin/setup/plans", Label: "Plans", Button: page.T("These are right")}
	return nil
}

func (p *Panel) keepPlans(r *http.Request, _ url.Values) error {
	return p.keepSetting(r, "setup.plans", "seen")
}

func (p *Panel) brandDone(ctx context.Context) (ok bool, err error) {
	err = p.DB.QueryRow(ctx, `select exists (select 1 from site_text where key = 'brand')`).Scan(&ok)
	return ok, err
}

func (p *Panel) brandForm(r *http.Request, page *setupSheet) error {
	texts, err := p.Shop.Texts(r.Context())
	page.Form = &box{Look: page.Look, ID: "brand", Action: "/admin/setup/brand", Label: "Brand", Button: page.T("Save"), Inputs: []input{
		{Name: "brand", Label: "Name", Value: texts.Brand, Required: true, Most: 60}, {Name: "hue", Label: "Colour", Kind: "number", Value: strconv.Itoa(texts.Hue), Hint: "A number from 0 to 359: the one colour of everything. 272 is violet, 155 green, 25 red."},
		{Name: "contact", Label: "Contact address", Kind: "email", Value: texts.Contact, Most: 254, Hint: "An e-mail address for questions."}}}
	return err
}

func (p *Panel) keepBrand(r *http.Request, form url.Values) error {
	texts, err := p.Shop.Texts(r.Context())
	if err != nil {
		return err
	}
	return p.DB.Tx(r.Context(), func(tx *sql.Tx) error {
		for _, key := range []string{"brand", "hue", "contact"} {
			if err := texts.Set(r.Context(), tx, key, form.Get(key)); err != nil {
				return about(key, err)
			}
		}
		return p.Tenants.Audit(r.Context(), tx, actor(r), "public site changed", "", "")
	})
}

// exampleName is the subdomain of the example tenant.
const exampleName = "sample"

func (p *Panel) exampleDone(ctx context.Context) (ok bool, err error) {
	err = p.DB.QueryRow(ctx, `select exists (select 1 from tenant where state <> 'purged')`).Scan(&ok)
	return ok, err
}

func (p *Panel) exampleForm(r *http.Request, page *setupSheet) error {
	if done, err := p.exampleDone(r.Context()); err != nil || done {
		page.Facts = []tab{{Label: page.T("Tenants"), URL: "/admin/tenants"}}
		return err
	}
	page.Form = &box{Look: page.Look, ID: "example", Action: "/admin/setup/example", Label: "Example tenant", Hint: "You own it; a letter with the link to your password comes as for every customer.", Button: page.T("Make it"),
		Inputs: []input{{Name: "company", Label: "Company", Value: page.T("Sample Company"), Required: true, Most: 100}, {Name: "email", Label: "Your e-mail address", Kind: "email", Value: actor(r), Required: true, Most: 254}}}
	return nil
}

func (p *Panel) makeExample(r *http.Request, form url.Values) error {
	email, err := mail.Address(form.Get("email"))
	if err != nil {
		return about("email", err)
	}
	plans, err := p.Billing.PlanRows(r.Context())
	if err != nil || len(plans) == 0 {
		return fault.Because(err, fault.Conflict, "Please make a plan first.")
	}
	plan := plans[len(plans)-1].Plan // the largest
	o := tenant.Order{Name: exampleName, Company: strings.TrimSpace(form.Get("company")), OwnerName: visitOf(r).operator.Name, OwnerEmail: email, Language: ui.LookOf(r).Tag, Limits: plan.Limits(), Demo: 50, Until: p.Clock.Now().Add(time.Hour)}
	if err := p.order(r, o, plan, url.Values{}); err != nil {
		return err
	}
	p.Wake()
	return nil
}
