package billing

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
)

// gatewayDeadline bounds one call to a gateway.
const gatewayDeadline = 20 * time.Second

// Turned is a gateway as the host has set it up.
type Turned struct {
	gateway.Kind
	Enabled   bool
	Known     gateway.Keys // those that are no secret; of secrets only the last four characters
	Tested    time.Time    // when the keys were found right; zero: not yet
	LastEvent time.Time
}

// Gateways returns all kinds, in their order, with how the host has set them up.
func (b *Billing) Gateways(ctx context.Context) ([]Turned, error) {
	var all []Turned
	for _, k := range b.Kinds {
		t := Turned{Kind: k, Known: gateway.Keys{}}
		var sealed []byte
		var tested, last int64
		err := b.DB.QueryRow(ctx, `select enabled, keys, coalesce(tested_at, 0), coalesce(last_event, 0) from gateway where name = ?`, k.Name).Scan(&t.Enabled, &sealed, &tested, &last)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
		t.Tested, t.LastEvent = moment(tested), moment(last)
		if keys, err := b.unseal(k.Name, sealed); err == nil {
			t.Known = shown(k, keys)
		}
		all = append(all, t)
	}
	return all, nil
}

// shown hides the secrets: of those only the end is told, so that the host knows which one it is.
func shown(k gateway.Kind, keys gateway.Keys) gateway.Keys {
	known := gateway.Keys{}
	for _, f := range k.Fields {
		v := keys[f.Name]
		if f.Secret && len(v) > 8 {
			v = "•••• " + v[len(v)-4:]
		} else if f.Secret && v != "" {
			v = "••••"
		}
		known[f.Name] = v
	}
	return known
}

func (b *Billing) unseal(name string, sealed []byte) (gateway.Keys, error) {
	keys := gateway.Keys{}
	if len(sealed) == 0 {
		return keys, nil
	}
	text, err := b.Seal.open("gateway/"+name, sealed)
	if err != nil {
		return nil, err
	}
	return keys, json.Unmarshal(text, &keys)
}

func (b *Billing) kind(name string) (gateway.Kind, error) {
	for _, k := range b.Kinds {
		if k.Name == name {
			return k, nil
		}
	}
	return gateway.Kind{}, fault.New(fault.Missing, "There is no gateway %q.", short(name))
}

// gateway returns a gateway with the keys of now. It is made once, and anew when its keys change.
func (b *Billing) gateway(ctx context.Context, name string) (gateway.Gateway, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if g, ok := b.live[name]; ok {
		return g, nil
	}
	k, err := b.kind(name)
	if err != nil {
		return nil, err
	}
	var sealed []byte
	err = b.DB.QueryRow(ctx, `select keys from gateway where name = ?`, name).Scan(&sealed)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	keys, err := b.unseal(name, sealed)
	if err != nil {
		return nil, err
	}
	g, err := k.New(keys, b.options(ctx))
	if err != nil {
		return nil, fmt.Errorf("set up %s: %w", name, err)
	}
	if b.live == nil {
		b.live = map[string]gateway.Gateway{}
	}
	b.live[name] = g
	return g, nil
}

func (b *Billing) options(ctx context.Context) gateway.Options {
	return gateway.Options{Install: b.install(), Brand: b.brand(ctx), Client: &http.Client{Timeout: gatewayDeadline}, Now: b.Clock.Now}
}

// install is this installation's mark on what it makes at a gateway: an account may be shared with others.
func (b *Billing) install() string { return b.Seal.mark("install") }

// KeepGateway checks and keeps a gateway's keys, and turns it on or off. A secret that is left empty stays as it is.
// Keys that have changed are tried out first, if the gateway is to be on.
func (b *Billing) KeepGateway(ctx context.Context, name string, keys gateway.Keys, enabled bool, actor string) error {
	k, err := b.kind(name)
	if err != nil {
		return err
	}
	merged, err := b.merge(ctx, k, keys)
	if err != nil {
		return err
	}
	tested := any(nil)
	if enabled {
		g, err := k.New(merged, b.options(ctx))
		if err != nil {
			return err
		}
		if err := g.Check(ctx); err != nil {
			return fault.Because(err, fault.Invalid, "%s does not take these keys, so it was not turned on.", k.Label)
		}
		tested = b.Clock.Now().UnixMilli()
	}
	text, err := json.Marshal(merged)
	if err != nil {
		return err
	}
	sealed, err := b.Seal.close("gateway/"+name, text)
	if err != nil {
		return err
	}
	err = b.DB.Tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `insert into gateway (name, enabled, keys, tested_at) values (?, ?, ?, ?)
			on conflict (name) do update set enabled = excluded.enabled, keys = excluded.keys, tested_at = coalesce(excluded.tested_at, tested_at)`, name, enabled, sealed, tested)
		if err != nil {
			return fmt.Errorf("keep gateway %s: %w", name, err)
		}
		return b.Tenants.Audit(ctx, tx, actor, "set up gateway "+name, "", onOff(enabled))
	})
	b.mu.Lock()
	delete(b.live, name)
	b.mu.Unlock()
	return err
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// merge puts what was entered over what is kept.
func (b *Billing) merge(ctx context.Context, k gateway.Kind, entered gateway.Keys) (gateway.Keys, error) {
	var sealed []byte
	err := b.DB.QueryRow(ctx, `select keys from gateway where name = ?`, k.Name).Scan(&sealed)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	keys, err := b.unseal(k.Name, sealed)
	if err != nil {
		keys = gateway.Keys{} // sealed with a key that is lost: all must be entered anew
	}
	for _, f := range k.Fields {
		v := strings.TrimSpace(entered[f.Name])
		if v != "" || !f.Secret {
			keys[f.Name] = v
		}
		if len(v) > 10000 {
			return nil, fault.New(fault.Invalid, "This is too long.")
		}
	}
	return keys, nil
}

// order is what a gateway is asked to do for an attempt.
func (b *Billing) order(ctx context.Context, a Attempt) (gateway.Order, error) {
	o := gateway.Order{Attempt: a.Key, Amount: a.Amount, Remember: true}
	c, err := scanCustomer(b.DB.QueryRow(ctx, `select `+customerColumns+` from customer c where c.id = ?`, a.Customer))
	if err != nil {
		return o, err
	}
	o.Customer = gateway.Customer{ID: c.ID, Name: c.Name, Email: c.Email, Phone: c.Phone, Country: c.Country}
	o.Language = c.Language
	err = b.DB.QueryRow(ctx, `select ref from customer_ref where customer = ? and gateway = ?`, c.ID, a.Gateway).Scan(&o.Customer.Ref)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return o, err
	}
	back := b.Tenants.Home() + "/pay-return/" + a.Key
	o.ReturnURL, o.CancelURL, o.Expires = back, back+"?given_up=1", a.Began.Add(pageLife)
	if a.Invoice == 0 {
		o.Text = b.brand(ctx)
		return o, nil
	}
	i, err := b.Invoice(ctx, a.Invoice)
	if err != nil {
		return o, err
	}
	o.Invoice, o.Notified = i.Name(), i.Issued
	o.Text, err = b.headline(ctx, i)
	return o, err
}

// headline says in a few words what an invoice is for.
func (b *Billing) headline(ctx context.Context, i Invoice) (string, error) {
	lines, err := b.Lines(ctx, i.ID)
	for _, l := range lines {
		if l.Amount > 0 && l.Kind != "balance" {
			return l.Text, err
		}
	}
	return i.Name(), err
}

// pageLife is how long a payment page stays open.
const pageLife = 2 * time.Hour
