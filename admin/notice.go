package admin

import (
	"context"
	"fmt"
	"log/slog"

	"rowhouse/tenant"
	"rowhouse/ui"
)

// running is what Notices knows: the announcements that are out or will be, and what they need to know about tenants.
type running struct {
	list   []Announcement
	names  map[int64]string // of plans
	trying map[int64]bool   // tenants in their trial, if somebody asks
}

// live are the announcements that are not over. They are kept until the host's file changes, so a page of a tenant costs no query.
func (p *Panel) live(ctx context.Context) (running, error) {
	found, err := p.DB.Memo("announcements", func() (any, error) {
		all, err := p.news(ctx, 0, 200)
		if err != nil {
			return nil, err
		}
		live, now, asked := running{names: map[int64]string{}, trying: map[int64]bool{}}, p.Clock.Now(), false
		for _, a := range all {
			if s := a.State(now); s == "running" || s == "set" {
				live.list = append(live.list, a)
				for _, standing := range a.Standings {
					asked = asked || standing == "trialing"
				}
			}
		}
		if len(live.list) == 0 {
			return live, nil
		}
		return live, p.knowTenants(ctx, &live, asked)
	})
	if err != nil {
		return running{}, fmt.Errorf("read announcements: %w", err)
	}
	return found.(running), nil
}

func (p *Panel) knowTenants(ctx context.Context, live *running, trials bool) error {
	rows, err := p.DB.Query(ctx, `select 'plan', id, name from plan union all select 'trial', tenant, '' from subscription where ? and state = 'trialing'`, trials)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var what, name string
		var id int64
		if err := rows.Scan(&what, &id, &name); err != nil {
			return err
		}
		if what == "plan" {
			live.names[id] = name
		} else {
			live.trying[id] = true
		}
	}
	return rows.Err()
}

// fits tells whether an announcement is for a tenant. announcedTo says the same in SQL.
func (l running) fits(a Announcement, t tenant.Tenant) bool {
	plan, stands := len(a.Plans) == 0, len(a.Standings) == 0
	for _, id := range a.Plans {
		plan = plan || l.names[id] == t.Limits.Plan
	}
	for _, standing := range a.Standings {
		switch standing {
		case "open":
			stands = stands || len(t.Holds) == 0
		case "trialing":
			stands = stands || l.trying[t.ID]
		}
		for _, h := range t.Holds {
			stands = stands || h.Reason == standing
		}
	}
	return plan && stands
}

// Notices are what the staff of a tenant are told now. admin says whether whoever reads it is an administrator.
func (p *Panel) Notices(ctx context.Context, site tenant.Site, look *ui.Look, admin bool) []ui.Notice {
	live, err := p.live(ctx)
	if err != nil {
		slog.Error("announcements not read", "err", err)
		return nil
	}
	var list []ui.Notice
	now := p.Clock.Now()
	for _, a := range live.list {
		if a.State(now) == "running" && (admin || !a.Admins) && live.fits(a, site.Tenant) {
			list = append(list, a.notice(look))
		}
	}
	return list
}

// notice is the banner of an announcement.
func (a Announcement) notice(look *ui.Look) ui.Notice {
	w := a.in(look.Tag)
	n := ui.Notice{Kind: a.Kind, Text: w.Text, Marked: true}
	if a.Kind == "info" {
		n.Kind = ""
	}
	if a.Link != "" {
		n.Link = ui.Item{Label: w.Button, URL: a.Link}
	}
	if a.Dismissible {
		n.Key = fmt.Sprint("announcement-", a.ID)
	}
	return n
}
