package office

import "regexp"

// view is one of the host's tables as operators and their scripts may read it.
type view struct {
	Name, Label string
	Money       bool   // only for the roles that see what tenants pay
	Sort        string // the order if nobody asks for another
	Query       string
}

// list is what can be read, and all of it. Each query names its columns on purpose: none is a password's hash, a token,
// a sealed key, a letter's subject or text (a code may stand there), a gateway's reference, or a document as it was issued.
//
// text(x), number(x), flag(x), time(x) and day(x) are short for how a column is read: see long.
func list() []view {
	return []view{
		{Name: "tenants", Label: "Tenants", Sort: "-created", Query: `select text(id) as id, text(name) as name, text(company) as company, text(owner_name) as owner,
			text(owner_email) as owner_email, text(state) as state, text(plan) as plan, text(level) as level, number(staff_limit) as staff_limit,
			number(room_limit) as room_limit, text(modules) as modules, text(language) as language, text(damaged) as damaged,
			number(tries) as tries, time(created_at) as created, time(activated_at) as activated from tenant`},
		{Name: "holds", Label: "Holds", Sort: "-created", Query: `select text(h.tenant || '-' || h.reason) as id, text(t.name) as tenant, text(h.reason) as reason,
			text(h.level) as level, text(h.note) as note, time(h.created_at) as created from hold h join tenant t on t.id = h.tenant`},
		{Name: "provisioning_steps", Label: "Provisioning", Sort: "-began", Query: `select text(s.tenant || '-' || s.name) as id, text(t.name) as tenant, text(s.name) as step,
			text(s.state) as state, number(s.tries) as tries, text(s.error) as error, time(s.began_at) as began, time(s.ended_at) as ended
			from step s join tenant t on t.id = s.tenant`},
		{Name: "plans", Label: "Plans", Sort: "created", Query: `select text(id) as id, text(slug) as slug, text(name) as name, text(tagline) as tagline,
			text(visibility) as visibility, number(staff_limit) as staff_limit, number(room_limit) as room_limit, text(modules) as modules,
			number(trial_days) as trial_days, flag(contact) as contact, time(created_at) as created from plan`},
		{Name: "prices", Label: "Prices", Sort: "-created", Query: `select text(p.id) as id, text(l.slug) as plan, text(p.currency) as currency, text(p.interval) as every,
			number(p.amount) as amount, p.seat_amount as seat_amount, number(p.setup_amount) as setup_amount, flag(p.inclusive) as tax_included,
			flag(p.active) as active, time(p.created_at) as created from price p join plan l on l.id = p.plan`},
		{Name: "customers", Label: "Customers", Sort: "-created", Query: `select text(id) as id, text(email) as email, text(name) as name, text(company) as company,
			text(country) as country, text(language) as language, time(created_at) as created from customer`},
		{Name: "subscriptions", Label: "Subscriptions", Money: true, Sort: "-created", Query: `select text(s.id) as id, text(t.name) as tenant, text(s.customer) as customer,
			text(l.slug) as plan, s.price as price, number(s.seats) as seats, text(s.state) as state, day(s.period_start) as period_start,
			day(s.period_end) as period_end, day(s.trial_end) as trial_end, flag(s.cancel_at_end) as cancel_at_end, day(s.ended_on) as ended_on,
			text(s.gateway) as gateway, time(s.created_at) as created
			from subscription s join tenant t on t.id = s.tenant join plan l on l.id = s.plan`},
		{Name: "invoices", Label: "Invoices", Money: true, Sort: "-created", Query: `select text(id) as id, text(number) as number, text(kind) as kind, text(customer) as customer,
			text(subscription) as subscription, text(state) as state, text(currency) as currency, number(net) as net, number(tax) as tax,
			number(discount) as discount, number(total) as total, number(paid) as paid, number(refunded) as refunded, day(period_start) as period_start,
			day(period_end) as period_end, day(due_on) as due_on, time(issued_at) as issued, time(paid_at) as paid_at, time(created_at) as created
			from invoice`},
		{Name: "invoice_lines", Label: "Lines of invoices", Money: true, Sort: "-invoice", Query: `select text(id) as id, text(invoice) as invoice, text(kind) as kind, text(text) as text,
			number(quantity) as quantity, number(unit) as unit, number(amount) as amount, number(discount) as discount, number(rate) as rate,
			text(tax_name) as tax_name, text(reason) as reason, number(net) as net, number(tax) as tax, day(from_day) as from_day, day(to_day) as to_day
			from line`},
		{Name: "credit_notes", Label: "Credit notes", Money: true, Sort: "-created", Query: `select text(id) as id, text(number) as number, text(invoice) as invoice,
			number(net) as net, number(tax) as tax, text(reason) as reason, time(created_at) as created from credit_note`},
		{Name: "payments", Label: "Payments", Money: true, Sort: "-at", Query: `select text(id) as id, text(invoice) as invoice, text(kind) as kind, text(gateway) as gateway,
			number(amount) as amount, text(currency) as currency, number(fee) as fee, flag(parked) as parked, time(at) as at from payment`},
		{Name: "refunds", Label: "Refunds", Money: true, Sort: "-created", Query: `select text(id) as id, text(payment) as payment, number(amount) as amount, text(state) as state,
			text(reason) as reason, text(actor) as actor, text(credit_note) as credit_note, time(created_at) as created from refund`},
		{Name: "coupons", Label: "Coupons", Money: true, Sort: "-created", Query: `select text(id) as id, text(code) as code, percent as percent, amount as amount,
			text(currency) as currency, number(cycles) as cycles, most as most, number(used) as used, text(plans) as plans, day(starts_on) as starts_on,
			day(ends_on) as ends_on, flag(active) as active, time(created_at) as created from coupon`},
		{Name: "letters", Label: "Letters", Sort: "-created", Query: `select text(id) as id, text(recipient) as recipient, text(state) as state, number(tries) as tries,
			flag(attach <> '') as attached, time(created_at) as created, time(due_at) as due, time(sent_at) as sent, text(error) as error from outbox`},
		{Name: "audit_log", Label: "Audit", Sort: "-at", Query: `select text(id) as id, time(at) as at, text(actor) as actor, text(act) as act, text(tenant) as tenant,
			text(detail) as detail from audit`},
		{Name: "usage", Label: "Usage", Sort: "-day", Query: `select text(u.tenant || '-' || u.day || '-' || u.key) as id, text(t.name) as tenant, day(u.day) as day,
			text(u.key) as key, number(u.value) as value from usage_daily u join tenant t on t.id = u.tenant`},
	}
}

// long writes a query out as PocketBase wants it: it takes the kind of a column from a cast. Without one, a text that
// looks like JSON would come out as JSON. Columns that may be null, and are numbers, have no cast: they would become 0.
func long(query string) string {
	for _, short := range []struct{ word, as string }{
		{"text", "cast($1 as text)"},
		{"number", "cast($1 as integer)"},
		{"flag", "cast($1 as boolean)"},
		{"time", "cast(strftime('%Y-%m-%d %H:%M:%fZ', $1 / 1000.0, 'unixepoch') as text)"},
		{"day", "cast(date($1 * 86400, 'unixepoch') as text)"},
	} {
		query = regexp.MustCompile(`\b`+short.word+`\(([^()]+)\)`).ReplaceAllString(query, short.as)
	}
	return query
}
