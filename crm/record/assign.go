package record

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"rowhouse/crm/entity"
	"rowhouse/data/fault"
	"rowhouse/ui/mail"
)

// tellOwner posts a letter to whoever has just got a record from somebody else, in the transaction that gave it.
func (s *Store) tellOwner(ctx context.Context, tx *sql.Tx, e *entity.Entity, id int64, values Values, changed bool) error {
	owner, ok := values["owner"].(int64)
	if !ok || !changed || s.Quiet || s.URL == "" || owner == s.Actor.ID || !slices.Contains(e.Owners, "owner") {
		return nil
	}
	var email, first string
	err := tx.QueryRowContext(ctx, `select email, first from staff where id = ? and state = 'active'`, owner).Scan(&email, &first)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	s.Posted = true
	w, title := s.Look, s.titleOf(e, values)
	text := w.T("Hello %s,", first) + "\n\n" + w.T("%s has given you this record: %s", s.Actor.Name, title) + "\n\n    " + s.URL + s.Book.URL(e.Name, id) + "\n"
	return mail.Post(ctx, tx, s.Now, mail.Letter{Key: fmt.Sprintf("assign/%s/%d/%d/%d", e.Name, id, owner, s.Now.UnixMilli()), To: email,
		Subject: w.T("%s: now yours", title), Text: text})
}

// demandReason refuses to lose a record without saying why, where the company wants to know.
func (s *Store) demandReason(e *entity.Entity, values Values) error {
	if e.Board.Reason == "" || s.Book.Settings["board.reason"] != "required" || !entity.Empty(values[e.Board.Reason]) {
		return nil
	}
	choice, _ := values[e.Board.By].(int64)
	if c, ok := s.Book.Choice(choice); !ok || c.Kind != "lost" {
		return nil
	}
	return &fault.Fault{Kind: fault.Invalid, Format: "Please open the record and say why it was lost.",
		Fields: map[string]error{e.Board.Reason: fault.New(fault.Invalid, "Please say why it was lost.")}}
}
