package record_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"rowhouse/crm/record"
	"rowhouse/data/fault"
)

// column is the cards of a column of the board, from above.
func (c *company) column(choice int64) (ids []int64) {
	c.Helper()
	columns, err := c.as(ada).Board(c.Context(), c.entity("lead"), record.Query{})
	if err != nil {
		c.Fatal(err)
	}
	for _, col := range columns {
		if col.Choice.ID == choice {
			for _, row := range col.Rows {
				ids = append(ids, row.ID)
			}
		}
	}
	return ids
}

func (c *company) version(id int64) int64 {
	return int64(c.count(`select version from lead where id = ?`, id))
}

func (c *company) move(id, choice, before int64) record.Moved {
	c.Helper()
	m, err := c.as(ada).Move(c.Context(), c.entity("lead"), id, c.version(id), choice, before)
	if err != nil {
		c.Fatal(err)
	}
	return m
}

func (c *company) order(choice int64, want ...int64) {
	c.Helper()
	if got := c.column(choice); !slices.Equal(got, want) {
		c.Errorf("column %d is %v, want %v", choice, got, want)
	}
}

func TestACardStandsWhereItWasPut(t *testing.T) {
	c := newCompany(t)
	for i := range 5 { // all at the same moment, as an import makes them
		c.make(ada, "lead", "name", fmt.Sprint("Card ", i+1))
	}
	c.order(1, 5, 4, 3, 2, 1)
	c.move(1, 1, 4)
	c.order(1, 5, 1, 4, 3, 2)
	c.move(5, 1, 2)
	c.order(1, 1, 4, 3, 5, 2)
	c.move(2, 1, 1)
	c.order(1, 2, 1, 4, 3, 5)
	c.move(1, 1, 0)
	c.order(1, 2, 4, 3, 5, 1)
	m := c.move(3, 2, 0)
	c.order(2, 3)
	if m.From != 1 || m.Before != 5 {
		t.Errorf("%+v", m)
	}
	c.move(3, m.From, m.Before)
	c.order(1, 2, 4, 3, 5, 1)
	c.move(4, 2, 0)
	c.move(2, 1, 4) // the card it should stand above has gone
	c.order(1, 2, 3, 5, 1)
	c.now = c.now.Add(time.Minute)
	c.make(ada, "lead", "name", "Newest")
	c.order(1, 6, 2, 3, 5, 1)
	if n := c.count(`select count(*) from activity where act = 'updated'`); n != 3 {
		t.Errorf("%d entries for 3 changes of stage", n)
	}
}

func TestAnyNumberOfMovesBetweenTwoCardsKeepsTheOrder(t *testing.T) {
	c := newCompany(t)
	for i := range 4 {
		c.make(ada, "lead", "name", fmt.Sprint("Card ", i+1))
	}
	a, b := int64(1), int64(2)
	for i := range 200 {
		c.move(a, 1, 3) // directly above card 3, which pushes the other up
		want := []int64{4, b, a, 3}
		if i == 0 {
			want = []int64{4, 1, 3, 2}
		}
		if got := c.column(1); !slices.Equal(got, want) {
			t.Fatalf("after %d moves: %v, want %v", i+1, got, want)
		}
		a, b = b, a
	}
}

func TestAMoveIsRefusedToWhoIsLateOrMayNot(t *testing.T) {
	c := newCompany(t)
	id := c.make(ada, "lead", "name", "Card")
	e := c.entity("lead")
	if _, err := c.as(ada).Update(t.Context(), e, id, 1, record.Values{"name": "New name"}); err != nil {
		t.Fatal(err)
	}
	for what, kind := range map[[3]int64]fault.Kind{{ada, 1, 2}: fault.Conflict, {ada, 0, 2}: fault.Invalid, {ada, -1, 2}: fault.Invalid, {bob, 2, 2}: fault.Denied, {eve, 2, 2}: fault.Missing, {ada, 2, 4}: fault.Invalid, {ada, 2, 99}: fault.Invalid} {
		_, err := c.as(what[0]).Move(t.Context(), e, id, what[1], what[2], 0)
		c.is(err, kind, fmt.Sprint(what))
	}
	_, err := c.as(ada).Move(t.Context(), e, id, 2, 2, id)
	c.is(err, fault.Invalid, "above itself")
	_, err = c.as(ada).Move(t.Context(), c.entity("contact"), 1, 1, 2, 0)
	c.is(err, fault.Missing, "no board")
	c.order(1, id)
}
