package admin

import (
	"context"
	"net/http"
	"strings"
	"time"

	"rowhouse/billing"
	"rowhouse/tenant"
	"rowhouse/ui"
)

var (
	showPage     = ui.Parse[tenantPage](files, ui.App, "tenant.html", "tenant-head.html", "subscription.html", "parts.html")
	invoicesOf   = ui.Parse[tenantInvoices](files, ui.App, "tenant-invoices.html", "tenant-head.html", "parts.html")
	setUpPage    = ui.Parse[tenantSetUp](files, ui.App, "tenant-setup.html", "tenant-head.html", "parts.html")
	tenantLogOf  = ui.Parse[tenantLog](files, ui.App, "tenant-log.html", "tenant-head.html", "parts.html")
	tenantPeople = ui.Parse[tenantStaff](files, ui.App, "tenant-staff.html", "tenant-head.html", "parts.html")
)

// tenantHead is what every page about one tenant begins with: its name, its menu, its tabs.
type tenantHead struct {
	ui.Frame
	T1   tenantRow
	Acts menuLines
	Tabs []tab
}

// tenantTabs are the pages about one tenant.
var tenantTabs = [][2]string{{"", "Overview"}, {"invoices", "Invoices"}, {"limits", "Usage and limits"}, {"staff", "Staff and activity"}, {"set-up", "Provisioning"}, {"backups", "Backups"}, {"log", "Audit"}}

// head begins a page about the tenant of the path.
func (p *Panel) head(w http.ResponseWriter, r *http.Request, here string) (tenantHead, standing, error) {
	st, err := p.standing(r)
	if err != nil {
		return tenantHead{}, st, err
	}
	h := tenantHead{Frame: p.below(w, r, "Tenants", "Tenants", "/admin/tenants")}
	h.Title, h.T1, h.Acts = st.Company, p.row(h.Look, st.Tenant), p.menuOf(r, st)
	for _, t := range tenantTabs {
		to := tenantsPath(st.Name)
		if t[0] != "" {
			to = tenantsPath(st.Name, t[0])
		}
		h.Tabs = append(h.Tabs, tab{Label: h.T(t[1]), URL: to, Current: t[0] == here})
	}
	return h, st, nil
}

// tenantPage is the overview: one sentence that explains the state, what it has, and what has happened.
type tenantPage struct {
	tenantHead
	Sentence string
	Sub      subscriptionBox
	Others   []tenantRow // of the same customer
	Seen     string
	People   int64
	Holds    [][2]string // reason and note
}

// PeopleCount is how many people were there lately.
func (t tenantPage) PeopleCount() int { return int(t.People) }

func (p *Panel) show(w http.ResponseWriter, r *http.Request) error {
	head, st, err := p.head(w, r, "")
	if err != nil {
		return err
	}
	page := tenantPage{tenantHead: head}
	if page.Sub, err = p.subscription(r, page.Look, st.Tenant); err != nil {
		return err
	}
	page.Sentence = stateSentence(page.Look, st, page.Sub.Sentence)
	for _, h := range st.Holds {
		page.Holds = append(page.Holds, [2]string{page.T(holdWords[h.Reason]), h.Note})
	}
	if page.Others, err = p.others(r, page.Look, st); err != nil {
		return err
	}
	var seen int64
	if err := p.DB.QueryRow(r.Context(), `select seen_at, people from tenant where id = ?`, st.ID).Scan(&seen, &page.People); err != nil {
		return err
	}
	if seen > 0 {
		page.Seen = page.Ago(time.UnixMilli(seen))
	}
	return showPage.Show(w, r, page)
}

// stateSentence explains in one sentence where a tenant stands: what keeps it from its work, or what its subscription says.
func stateSentence(look *ui.Look, st standing, subscription string) string {
	level, hold := st.Access()
	switch {
	case st.Damaged != "":
		return look.T("Its file cannot be opened, so nobody can work in it; restore a backup, or look into the problem below.")
	case st.State == tenant.Provisioning:
		return look.T("It is being set up; that takes a few seconds.")
	case st.State == tenant.ProvisionFailed:
		return look.T("Setting it up failed and was given up; see which step under Provisioning, mend the cause, and run it again.")
	case st.State == tenant.Reserved:
		return look.T("Its address is held for a registration that is not finished.")
	case st.State == tenant.Archived:
		return look.T("It is closed and its folder is put away; you can bring it back.")
	case st.State == tenant.Purged:
		return look.T("It is deleted; this row only keeps its number from being used again.")
	case level == tenant.FullAccess:
		return look.T("It is open.") + " " + subscription
	case hold.Reason == "subscription":
		return look.T(accessSentences[level]) + " " + subscription
	}
	return look.T(accessSentences[level]) + " " + look.T("The reason: %s.", strings.ToLower(look.T(holdWords[hold.Reason]))) + " " + subscription
}

var accessSentences = map[tenant.Level]string{tenant.ReadOnly: "Its staff can look but not change anything.", tenant.BillingOnly: "Its staff reach only the billing page.", tenant.Blocked: "Nobody gets in."}

// others are the further tenants of the same customer.
func (p *Panel) others(r *http.Request, look *ui.Look, st standing) ([]tenantRow, error) {
	if st.OwnerEmail == "" {
		return nil, nil
	}
	found, err := p.tenantsOf(r.Context(), st.OwnerEmail)
	if err != nil {
		return nil, err
	}
	var rows []tenantRow
	for _, t := range found {
		if t.ID != st.ID {
			rows = append(rows, p.row(look, t.Tenant))
		}
	}
	return rows, nil
}

// tenantsOf are the tenants that somebody owns.
func (p *Panel) tenantsOf(ctx context.Context, email string) ([]listed, error) {
	all, err := p.tenantRows(ctx, tenantWish{Find: email}, 50)
	if err != nil {
		return nil, err
	}
	var own []listed
	for _, l := range all {
		if strings.EqualFold(l.OwnerEmail, email) {
			own = append(own, l)
		}
	}
	return own, nil
}

// tenantInvoices are the invoices of one tenant.
type tenantInvoices struct {
	tenantHead
	Rows []invoiceRow
}

// Sum is an amount of an invoice.
func (t tenantInvoices) Sum(i invoiceRow) string { return t.Money(i.Total, i.Currency) }

func (p *Panel) tenantInvoices(w http.ResponseWriter, r *http.Request) error {
	head, st, err := p.head(w, r, "invoices")
	if err != nil {
		return err
	}
	page := tenantInvoices{tenantHead: head}
	if st.Sub.ID == 0 {
		return invoicesOf.Show(w, r, page)
	}
	all, err := p.Billing.InvoicesOf(r.Context(), st.Sub.ID, pageSize)
	if err != nil {
		return err
	}
	today, err := p.Billing.Today(r.Context())
	if err != nil {
		return err
	}
	for _, i := range all {
		row := invoiceRow{InvoiceRow: billing.InvoiceRow{Invoice: i}}
		row.Word, row.Hue = invoiceWord(page.Look, i, i.State == billing.InvoiceOpen && i.DueOn < today)
		page.Rows = append(page.Rows, row)
	}
	return invoicesOf.Show(w, r, page)
}

// tenantSetUp is the log of a tenant's provisioning.
type tenantSetUp struct {
	tenantHead
	Steps           []step
	Failed, Running bool
	Broken          bool // a step did not work and will be tried again, or not
}

type step struct {
	Name, Class, Note, When string
	Tries                   int
}

var stepWords = map[string]string{"folder": "Make the folder", "file": "Copy the empty CRM", "identity": "Write owner and company", "seed": "Add example data", "place": "Put it into its place",
	"smoke": "Ask for the login page", "activate": "Open the doors and send the welcome letter"}

func (p *Panel) setUp(w http.ResponseWriter, r *http.Request) error {
	head, st, err := p.head(w, r, "set-up")
	if err != nil {
		return err
	}
	page := tenantSetUp{tenantHead: head, Failed: st.State == tenant.ProvisionFailed, Running: st.State == tenant.Provisioning}
	steps, err := p.Tenants.Steps(r.Context(), st.ID)
	if err != nil {
		return err
	}
	for _, s := range steps {
		page.Broken = page.Broken || s.State == "failed"
		one := step{Name: page.T(stepWords[s.Name]), Class: s.State, Note: s.Error, Tries: s.Tries}
		if s.State != "" {
			one.When = page.Moment(s.Began)
		}
		page.Steps = append(page.Steps, one)
	}
	return setUpPage.Show(w, r, page)
}
