package shop

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"rowhouse/data/fault"
)

const (
	maxSteps    = 50 // how many steps of a draft can be taken back
	keptEdition = 20 // how many published versions of a page are kept
)

// Edition is a version of a page that was published, or a draft.
type Edition struct {
	ID    int64
	Page  Page
	Actor string
	At    time.Time
}

// published are the pages that the host has published, by slug. They are kept until the host's file changes.
func (s *Shop) published(ctx context.Context) (map[string]Page, error) {
	found, err := s.DB.Memo("site_pages", func() (any, error) {
		rows, err := s.DB.Query(ctx, `select slug, body from site_edition where id in (select max(id) from site_edition where state = 'published' group by slug) order by slug`)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		pages := map[string]Page{}
		for rows.Next() {
			var slug, body string
			if err := rows.Scan(&slug, &body); err != nil {
				return nil, err
			}
			if pages[slug], err = readPage(slug, body); err != nil {
				return nil, err
			}
		}
		return pages, rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("read the site's pages: %w", err)
	}
	return found.(map[string]Page), nil
}

func readPage(slug, body string) (Page, error) {
	var p Page
	if err := json.Unmarshal([]byte(body), &p); err != nil {
		return p, fmt.Errorf("page %s: %w", slug, err)
	}
	p.Slug = slug
	return p, nil
}

// Page returns a page as everybody sees it. The error is a fault.Missing if there is none.
func (s *Shop) Page(ctx context.Context, slug string) (Page, error) {
	pages, err := s.published(ctx)
	if err != nil {
		return Page{}, err
	}
	if p, ok := pages[slug]; ok {
		return p, nil
	}
	texts, err := s.Texts(ctx)
	if err != nil {
		return Page{}, err
	}
	if p, ok := texts.builtIn(slug); ok {
		return p, nil
	}
	return Page{}, fault.New(fault.Missing, "There is no page at this address.")
}

// Draft returns a page as its editors see it: the draft, or what is public if there is none. Steps is how many steps can be taken back;
// 0 says that there is no draft.
func (s *Shop) Draft(ctx context.Context, slug string) (e Edition, steps int, err error) {
	e, err = s.newest(ctx, s.DB.QueryRow, slug)
	if err != nil {
		return e, 0, err
	}
	if e.ID == 0 {
		e.Page, err = s.Page(ctx, slug)
		return e, 0, err
	}
	err = s.DB.QueryRow(ctx, `select count(*) from site_edition where slug = ? and state = 'draft'`, slug).Scan(&steps)
	return e, steps, err
}

// newest is the draft of a page, or the zero Edition.
func (s *Shop) newest(ctx context.Context, ask row, slug string) (Edition, error) {
	e, err := scanEdition(ask(ctx, `select id, slug, body, actor, at from site_edition where slug = ? and state = 'draft' order by id desc limit 1`, slug))
	if errors.Is(err, sql.ErrNoRows) {
		return Edition{}, nil
	}
	return e, err
}

func scanEdition(row interface{ Scan(...any) error }) (Edition, error) {
	var e Edition
	var slug, body string
	var at int64
	if err := row.Scan(&e.ID, &slug, &body, &e.Actor, &at); err != nil {
		return e, err
	}
	var err error
	e.At = time.UnixMilli(at).UTC()
	e.Page, err = readPage(slug, body)
	return e, err
}

// Edit changes the draft of a page, which begins as what is public. Each edit is a step that can be taken back.
func (s *Shop) Edit(ctx context.Context, slug, actor string, change func(*Page) error) error {
	public, err := s.Page(ctx, slug)
	if err != nil && !fault.Is(err, fault.Missing) {
		return err
	}
	missing := err
	return s.DB.Tx(ctx, func(tx *sql.Tx) error {
		e, err := s.newest(ctx, tx.QueryRowContext, slug)
		if err != nil {
			return err
		}
		if e.ID == 0 {
			if missing != nil {
				return missing
			}
			e.Page = public
			e.Page.Sections = slices.Clone(public.Sections) // the public page is shared by all who read it
		}
		if err := change(&e.Page); err != nil {
			return err
		}
		return s.keepDraft(ctx, tx, e.Page, actor)
	})
}

func (s *Shop) keepDraft(ctx context.Context, tx *sql.Tx, p Page, actor string) error {
	if len(p.Sections) > maxSections {
		return fault.New(fault.Invalid, "A page has at most %d blocks.", maxSections)
	}
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, `insert into site_edition (slug, state, body, actor, at) values (?, 'draft', ?, ?, ?)`, p.Slug, string(body), actor, s.Clock.Now().UnixMilli()); err != nil {
		return fmt.Errorf("keep draft of %s: %w", p.Slug, err)
	}
	_, err = tx.ExecContext(ctx, `delete from site_edition where slug = ?1 and state = 'draft' and id not in
		(select id from site_edition where slug = ?1 and state = 'draft' order by id desc limit ?2)`, p.Slug, maxSteps)
	return err
}

// Undo takes the last step of a page's draft back. The first step taken back, there is no draft any more.
func (s *Shop) Undo(ctx context.Context, slug string) error {
	return s.DB.Tx(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `delete from site_edition where id = (select max(id) from site_edition where slug = ? and state = 'draft')`, slug)
		return orNothing(done, err)
	})
}

// Discard drops a page's draft. A page that was never published ends with it.
func (s *Shop) Discard(ctx context.Context, slug, actor string) error {
	return s.DB.Tx(ctx, func(tx *sql.Tx) error {
		done, err := tx.ExecContext(ctx, `delete from site_edition where slug = ? and state = 'draft'`, slug)
		if err := orNothing(done, err); err != nil {
			return err
		}
		return s.Tenants.Audit(ctx, tx, actor, "discard draft of page", "", slug)
	})
}

func orNothing(done sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return fault.New(fault.Conflict, "This page has no draft any more.")
}

// Publish makes a page's draft public at once, and keeps the versions before it.
func (s *Shop) Publish(ctx context.Context, slug, actor string) error {
	return s.DB.Tx(ctx, func(tx *sql.Tx) error {
		e, err := s.newest(ctx, tx.QueryRowContext, slug)
		if err != nil {
			return err
		}
		if e.ID == 0 {
			return fault.New(fault.Conflict, "This page has no draft any more.")
		}
		for _, q := range []string{`update site_edition set state = 'published', at = ?3, actor = ?4 where id = ?2`,
			`delete from site_edition where slug = ?1 and state = 'draft'`,
			`delete from site_edition where slug = ?1 and id not in (select id from site_edition where slug = ?1 order by id desc limit ?5)`,
			`delete from site_picture where at < ?6 and not exists (select 1 from site_edition e where instr(e.body, hash) > 0)`} {
			if _, err := tx.ExecContext(ctx, q, slug, e.ID, s.Clock.Now().UnixMilli(), actor, keptEdition, s.Clock.Now().Add(-time.Hour).UnixMilli()); err != nil {
				return fmt.Errorf("publish %s: %w", slug, err)
			}
		}
		return s.Tenants.Audit(ctx, tx, actor, "publish page", "", slug)
	})
}

// EditSection changes one block of a page's draft. The error is a fault.Invalid that names the fields.
func (s *Shop) EditSection(ctx context.Context, slug string, id int, actor string, change func(*Section) error) error {
	return s.Edit(ctx, slug, actor, func(p *Page) error {
		n, err := p.find(id)
		if err != nil {
			return err
		}
		if err := change(&p.Sections[n]); err != nil {
			return err
		}
		return p.Sections[n].check()
	})
}
