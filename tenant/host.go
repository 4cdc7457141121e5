package tenant

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"

	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

// Site is the tenant a request is for, and its file.
type Site struct {
	Tenant
	DB     *data.DB
	Access Level
	Hold   Hold
	Folder string
	URL    string
}

type siteKey struct{}

// Of returns the request's site. Only handlers behind ByHost may ask.
func Of(r *http.Request) Site { return r.Context().Value(siteKey{}).(Site) }

// With returns a request for a site, for those who act as a request without being one.
func With(ctx context.Context, s Site) context.Context { return context.WithValue(ctx, siteKey{}, s) }

// Parse tells from a Host header whose site is asked for: the host's own (apex), or a tenant's name. Nothing
// else in a request has a say. With neither, nobody is asked for.
func Parse(host, domain string) (name string, apex bool) {
	host, ok := bare(host)
	if !ok {
		return "", false
	}
	home, _ := bare(domain)
	if host == home {
		return "", true
	}
	name, ok = strings.CutSuffix(host, "."+home)
	if !ok || shape(name) != nil {
		return "", false
	}
	return name, false
}

// bare is a host in small letters, without its port and the dot of the root.
func bare(host string) (string, bool) {
	if h, port, err := net.SplitHostPort(host); err == nil {
		if strings.Trim(port, "0123456789") != "" {
			return "", false
		}
		host = h
	}
	if host == "" || len(host) > 253 || strings.HasSuffix(host, "..") {
		return "", false
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	return host, strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789-.") == ""
}

// ByHost sends example.com to apex and acme.example.com to site, with acme's file open.
// From here on nothing can reach another tenant's file.
func (ts *Tenants) ByHost(apex, site http.Handler) http.Handler {
	return ui.Handler(func(w http.ResponseWriter, r *http.Request) error {
		name, home := Parse(r.Host, ts.Domain)
		switch {
		case home:
			apex.ServeHTTP(w, r)
			return nil
		case name == "":
			return fault.New(fault.Missing, "There is nobody at this address.")
		}
		t, err := ts.ByName(r.Context(), name)
		if fault.Is(err, fault.Missing) {
			if led, aliasErr := ts.moved(w, r, name); led || aliasErr != nil {
				return aliasErr
			}
		}
		if err != nil {
			return err
		}
		if err := t.closed(); err != nil {
			return err
		}
		if t.leadsToBilling(r) {
			return ui.Back(w, r, "/admin/billing")
		}
		if err := t.gate(r); err != nil {
			return err
		}
		return ts.serve(w, r, t, site)
	})
}

// closed is what visitors are told of a site that is not there yet, or no more.
func (t Tenant) closed() error {
	switch t.State {
	case Active:
		return nil
	case Reserved:
		return fault.New(fault.Missing, "This address is reserved. Its CRM opens as soon as the registration is complete.")
	case Provisioning:
		return &fault.Fault{Kind: fault.Busy, Format: "This CRM is being set up. Please come back in a few seconds.", Retry: 3e9}
	case ProvisionFailed:
		return &fault.Fault{Kind: fault.Busy, Format: "Setting up this CRM takes longer than it should. The provider knows and is at it.", Retry: 60e9}
	}
	return fault.New(fault.Gone, "This account is closed.")
}

func (ts *Tenants) serve(w http.ResponseWriter, r *http.Request, t Tenant, site http.Handler) error {
	db, done, err := ts.Files.Use(r.Context(), t.Name)
	if err != nil {
		return ts.unopened(r.Context(), t, err)
	}
	defer done()
	level, hold := t.Access()
	s := Site{Tenant: t, DB: db, Access: level, Hold: hold, Folder: ts.Folder(t.Name), URL: ts.URL(t.Name)}
	ctx := ui.WithAlarm(With(r.Context(), s), func(err error) { ts.distrust(r.Context(), t, err) })
	site.ServeHTTP(w, r.WithContext(ctx))
	return nil
}

// distrust notes for the host that a file turned out to be damaged while it was used, and closes it:
// it is served again once all of it has been read without a fault.
func (ts *Tenants) distrust(ctx context.Context, t Tenant, err error) {
	ts.markDamaged(context.WithoutCancel(ctx), t, err.Error())
	ts.Files.Drop(t.Name)
}

// unopened says why a tenant's file cannot be used, and notes it for the host, unless it may pass by itself.
func (ts *Tenants) unopened(ctx context.Context, t Tenant, err error) error {
	kind := fault.Of(err).Kind
	if kind != fault.Ours && kind != fault.Damaged || data.Full(err) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	slog.Error("tenant's file cannot be opened", "tenant", t.Name, "err", err)
	ts.markDamaged(context.WithoutCancel(ctx), t, err.Error())
	return fault.Because(err, fault.Damaged, "The data of this CRM cannot be opened right now. The provider has been told. Please quote the incident below if you write to them.")
}

// small is the size of a file, in bytes, that is read as a whole whenever it is opened, in 40 ms at the most.
const small = 2 << 20

// Prepare checks a file before anybody gets it: it must be the tenant's own, sound, and of this program's schema.
func (ts *Tenants) Prepare(ctx context.Context, name string, db *data.DB) error {
	t, err := ts.ByName(ctx, name)
	if err != nil {
		return err
	}
	if uid, err := data.Meta(ctx, db, "tenant"); err != nil || uid != t.UID {
		return fault.Because(err, fault.Damaged, "The file in %s belongs to somebody else.", name)
	}
	if err := ts.inspect(ctx, t, db); err != nil {
		return err
	}
	err = ts.bringUp(ctx, t.UID, db)
	ts.noteVersion(ctx, t, db, err)
	if err != nil {
		return err
	}
	ts.markDamaged(ctx, t, "")
	return nil
}

// inspect reads all of a file that is small or was found damaged: a page in another's place makes a list empty without an error.
func (ts *Tenants) inspect(ctx context.Context, t Tenant, db *data.DB) error {
	info, err := os.Stat(db.Path)
	if err != nil {
		return err
	}
	if t.Damaged == "" && info.Size() > small {
		return nil
	}
	return db.Verify(ctx)
}
