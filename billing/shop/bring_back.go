package shop

import (
	"context"
	"database/sql"
	"errors"

	"rowhouse/data/fault"
)

// Editions are the published versions of a page, the newest first.
func (s *Shop) Editions(ctx context.Context, slug string) ([]Edition, error) {
	rows, err := s.DB.Query(ctx, `select id, slug, body, actor, at from site_edition where slug = ? and state = 'published' order by id desc`, slug)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Edition
	for rows.Next() {
		e, err := scanEdition(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// BringBack makes a published version the draft of its page.
func (s *Shop) BringBack(ctx context.Context, slug string, id int64, actor string) error {
	return s.DB.Tx(ctx, func(tx *sql.Tx) error {
		e, err := scanEdition(tx.QueryRowContext(ctx, `select id, slug, body, actor, at from site_edition where id = ? and slug = ? and state = 'published'`, id, slug))
		if errors.Is(err, sql.ErrNoRows) {
			return fault.New(fault.Missing, "This version is not kept any more.")
		}
		if err != nil {
			return err
		}
		return s.keepDraft(ctx, tx, e.Page, actor)
	})
}

// BringBackBuiltIn makes a page as it was built in its draft.
func (s *Shop) BringBackBuiltIn(ctx context.Context, slug, actor string) error {
	texts, err := s.Texts(ctx)
	if err != nil {
		return err
	}
	page, ok := texts.builtIn(slug)
	if !ok {
		return fault.New(fault.Missing, "There is no page at this address.")
	}
	return s.DB.Tx(ctx, func(tx *sql.Tx) error { return s.keepDraft(ctx, tx, page, actor) })
}
