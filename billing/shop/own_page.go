package shop

import (
	"context"
	"database/sql"
	"regexp"
	"slices"
	"strings"
	"time"

	"rowhouse/data/fault"
)

// maxPages is how many pages a site has at most.
const maxPages = 50

var slugShape = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// ReservedSlugs are the addresses that pages of the host's own cannot have: something else is there, or may be.
var ReservedSlugs = strings.Fields(`admin api app assets back-office billing brand checkout dashboard favicon health home imprint inbox invoice invoices login logo logout
	metrics pay payment payments picture pictures portal prices privacy register rehearsal robots sign-in signin signup sitemap static support terms till time-machine webhook webhooks well-known`)

// AddPage begins a page of the host's own as a draft.
func (s *Shop) AddPage(ctx context.Context, p Page, actor string) error {
	switch {
	case !slugShape.MatchString(p.Slug) || len(p.Slug) > 60:
		return fault.New(fault.Invalid, "Please use small letters, digits and single hyphens, at most 60.")
	case slices.Contains(ReservedSlugs, p.Slug):
		return fault.New(fault.Invalid, "The address /%s is reserved: the site uses it itself.", p.Slug)
	}
	return s.DB.Tx(ctx, func(tx *sql.Tx) error {
		var pages, same int
		err := tx.QueryRowContext(ctx, `select count(distinct slug), coalesce(max(slug = ?), 0) from site_edition`, p.Slug).Scan(&pages, &same)
		switch {
		case err != nil:
			return err
		case same > 0:
			return fault.New(fault.Invalid, "There is a page at /%s already.", p.Slug)
		case pages >= maxPages:
			return fault.New(fault.Invalid, "A site has at most %d pages.", maxPages)
		}
		return s.keepDraft(ctx, tx, p, actor)
	})
}

// RemovePage deletes a page of the host's own with all of its versions.
func (s *Shop) RemovePage(ctx context.Context, slug, actor string) error {
	if slices.Contains(builtInSlugs, slug) {
		return fault.New(fault.Invalid, "This page belongs to every site. It can be emptied, but not deleted.")
	}
	return s.DB.Tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `delete from site_edition where slug = ?`, slug); err != nil {
			return err
		}
		return s.Tenants.Audit(ctx, tx, actor, "delete page", "", slug)
	})
}

// PageState is where a page stands, for the panel.
type PageState struct {
	Slug          string
	Page          Page // the draft, or what is public
	Public, Draft bool
	Own           bool // a page of the host's own
	Edited        time.Time
}

// PageStates are all pages of the site, those that every site has first.
func (s *Shop) PageStates(ctx context.Context) ([]PageState, error) {
	slugs := slices.Clone(builtInSlugs)
	rows, err := s.DB.Query(ctx, `select distinct slug from site_edition where slug not in ('home', 'terms', 'privacy', 'imprint') order by slug`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var slug string
		if err := rows.Scan(&slug); err != nil {
			return nil, err
		}
		slugs = append(slugs, slug)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	public, err := s.published(ctx)
	if err != nil {
		return nil, err
	}
	var list []PageState
	for n, slug := range slugs {
		e, steps, err := s.Draft(ctx, slug)
		if err != nil {
			return nil, err
		}
		_, out := public[slug]
		own := n >= len(builtInSlugs)
		list = append(list, PageState{Slug: slug, Page: e.Page, Public: out || !own, Draft: steps > 0, Own: own, Edited: e.At})
	}
	return list, nil
}
