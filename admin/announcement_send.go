package admin

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"

	"rowhouse/ui"
	"rowhouse/ui/mail"
)

const (
	newsBatch   = 100 // how many owners are written to in one transaction
	newsBatches = 10  // and how many of those in one turn of the scheduler
)

// reach is for how many tenants an announcement is.
func (p *Panel) reach(ctx context.Context, a Announcement) (n int64, err error) {
	_, plans, standings, err := a.written()
	if err != nil {
		return 0, err
	}
	err = p.DB.QueryRow(ctx, `select count(*) from tenant t where t.state = 'active' and (json_array_length(?1) = 0 or t.plan in (select p.name from plan p join json_each(?1) j on j.value = p.id))
		and (json_array_length(?2) = 0 or exists (select 1 from json_each(?2) s where case s.value when 'open' then not exists (select 1 from hold h where h.tenant = t.id)
		when 'trialing' then exists (select 1 from subscription b where b.tenant = t.id and b.state = 'trialing') else exists (select 1 from hold h where h.tenant = t.id and h.reason = s.value) end))`,
		plans, standings).Scan(&n)
	return n, err
}

// SendAnnouncements writes to the owners about what has begun. It goes on where it stopped, some hundred at a time, so that many
// tenants keep nobody waiting.
func (p *Panel) SendAnnouncements(ctx context.Context) error {
	live, err := p.live(ctx)
	if err != nil {
		return err
	}
	for _, a := range live.list {
		if !a.Letter || a.LetterDone || a.State(p.Clock.Now()) != "running" {
			continue
		}
		for range newsBatches {
			more, err := p.sendBatch(ctx, a.ID)
			if err != nil {
				return fmt.Errorf("send announcement %d: %w", a.ID, err)
			}
			if !more {
				break
			}
		}
	}
	return nil
}

// owner is somebody to write to.
type owner struct {
	tenant                    int64
	uid, name, mail, language string
}

// sendBatch posts the next letters of an announcement and tells whether there may be more.
func (p *Panel) sendBatch(ctx context.Context, id int64) (more bool, err error) {
	brand := p.Shop.Brand(ctx)
	err = p.DB.Tx(ctx, func(tx *sql.Tx) error {
		now := p.Clock.Now()
		a, err := scanNews(tx.QueryRowContext(ctx, `select `+newsColumns+` from announcement where id = ?`, id))
		if err != nil || a.LetterDone || a.State(now) != "running" {
			return err
		}
		owners, err := nextOwners(ctx, tx, a)
		if err != nil {
			return err
		}
		var sent int64
		for _, o := range owners {
			a.after = o.tenant
			if err := mail.Post(ctx, tx, now, a.letter(o, brand, p.Tenants.URL(o.name))); err != nil {
				slog.Warn("announcement not posted", "tenant", o.name, "err", err) // an address that cannot be one; the others are written to
				continue
			}
			sent++
		}
		more = len(owners) == newsBatch
		_, err = tx.ExecContext(ctx, `update announcement set letter_after = ?, letters = letters + ?, letter_done = ? where id = ?`, a.after, sent, !more, id)
		return err
	})
	return more, err
}

func nextOwners(ctx context.Context, tx *sql.Tx, a Announcement) ([]owner, error) {
	_, plans, standings, err := a.written()
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `select t.id, t.uid, t.name, t.owner_email, t.language from tenant t where t.id > ?3 and t.state = 'active'
		and (json_array_length(?1) = 0 or t.plan in (select p.name from plan p join json_each(?1) j on j.value = p.id))
		and (json_array_length(?2) = 0 or exists (select 1 from json_each(?2) s where case s.value when 'open' then not exists (select 1 from hold h where h.tenant = t.id)
		when 'trialing' then exists (select 1 from subscription b where b.tenant = t.id and b.state = 'trialing') else exists (select 1 from hold h where h.tenant = t.id and h.reason = s.value) end))
		order by t.id limit ?4`, plans, standings, a.after, newsBatch)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []owner
	for rows.Next() {
		var o owner
		if err := rows.Scan(&o.tenant, &o.uid, &o.name, &o.mail, &o.language); err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, rows.Err()
}

// letter is what an owner gets. Its key is of the tenant's own id: posted twice, it is sent once.
func (a Announcement) letter(o owner, brand, site string) mail.Letter {
	w := a.in(o.language)
	text := ui.Plain(w.Text)
	if link := a.Link; link != "" {
		if ui.LocalPath(link, "") != "" {
			link = site + link
		}
		text += "\n\n" + w.Button + ":\n\n    " + link
	}
	return mail.Letter{Key: fmt.Sprintf("announcement/%d/%s", a.ID, o.uid), To: o.mail, Subject: w.Subject, Text: text + "\n\n" + brand + "\n"}
}
