package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestReadersDoNotWrite(t *testing.T) {
	db := made(t)
	rows, err := db.Query(t.Context(), `insert into lead (name) values ('Asha') returning id`)
	if err == nil {
		rows.Close()
		t.Fatal("a reader wrote")
	}
}

func TestATransactionIsAllOrNothing(t *testing.T) {
	db := made(t)
	oops := errors.New("oops")
	before := db.Writes()
	err := db.Tx(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(`insert into lead (name) values ('Asha')`)
		return errors.Join(err, oops)
	})
	if n, _ := count(t.Context(), db); !errors.Is(err, oops) || n != 0 || db.Writes() != before {
		t.Fatal(err, n, db.Writes())
	}
	must(t, db.Tx(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.Exec(`insert into lead (name) values ('Asha')`)
		return err
	}))
	if n, _ := count(t.Context(), db); n != 1 || db.Writes() == before {
		t.Fatal(n, db.Writes())
	}
}

func TestASecondRowOfTheSameNameIsUnique(t *testing.T) {
	db := made(t)
	for _, query := range []string{`insert into lead (id, name) values (1, 'Asha')`,
		`insert into lead (id, name) values (2, 'Asha')`, `insert into lead (id, name) values (1, 'Binod')`} {
		_, err := db.Exec(t.Context(), query)
		if Unique(err) != (query != `insert into lead (id, name) values (1, 'Asha')`) || Damaged(err) || Full(err) {
			t.Error(query, err)
		}
	}
}

func TestAFullFileIsFullAndNotDamaged(t *testing.T) {
	db := made(t)
	_, err := db.Exec(t.Context(), `delete from lead`)
	must(t, err)
	_, err = db.writer.Exec(`pragma max_page_count = 20`)
	must(t, err)
	for i := 0; err == nil && i < 1000; i++ {
		_, err = db.Exec(t.Context(), `insert into lead (name) values (?)`, strings.Repeat("x", 4000)+fmt.Sprint(i))
	}
	if !Full(err) || Damaged(err) {
		t.Fatal(err)
	}
}

func TestASnapshotSeesOneMoment(t *testing.T) {
	db := made(t)
	must(t, db.Snapshot(t.Context(), func(tx *sql.Tx) error {
		var first, second int
		must(t, tx.QueryRow(`select count(*) from lead`).Scan(&first))
		_, err := db.Exec(t.Context(), `insert into lead (name) values ('Asha')`)
		must(t, err)
		must(t, tx.QueryRow(`select count(*) from lead`).Scan(&second))
		if first != 0 || second != 0 {
			t.Error(first, second)
		}
		return nil
	}))
}

func TestTheSameStatementCanBeReadTwiceAtOnce(t *testing.T) {
	db := made(t)
	query := "select 1 union select 2 union select 3 \n"
	err := db.Snapshot(t.Context(), func(tx *sql.Tx) error {
		outer, err := tx.Query(query)
		must(t, err)
		defer outer.Close()
		sum := 0
		for outer.Next() {
			inner, err := tx.Query(query)
			must(t, err)
			for inner.Next() {
				sum++
			}
			must(t, inner.Close())
		}
		if sum != 9 {
			t.Error(sum)
		}
		return outer.Err()
	})
	must(t, err)
}

func TestManyDifferentStatementsDoNotPileUp(t *testing.T) {
	db := made(t)
	for i := range 3 * maxStmts {
		var n int
		must(t, db.QueryRow(t.Context(), fmt.Sprintf(`select %d`, i)).Scan(&n))
		if n != i {
			t.Fatal(n, i)
		}
	}
	c, err := db.readers.Conn(t.Context())
	must(t, err)
	defer c.Close()
	must(t, c.Raw(func(c any) error {
		if n := len(c.(*conn).stmts); n > maxStmts {
			t.Error(n)
		}
		return nil
	}))
}

func TestAPreparedStatementSeesAColumnThatWasAdded(t *testing.T) {
	db := made(t)
	_, err := db.Exec(t.Context(), `insert into lead (name) values ('Asha')`)
	must(t, err)
	for _, want := range []int{2, 3} {
		rows, err := db.Query(t.Context(), `select * from lead`)
		must(t, err)
		columns, err := rows.Columns()
		must(t, err)
		if len(columns) != want {
			t.Error(columns)
		}
		must(t, rows.Close())
		if want == 2 {
			_, err = db.Exec(t.Context(), `alter table lead add column city text`)
			must(t, err)
		}
	}
}

func TestACancelledReadEndsAndTheFileServesOn(t *testing.T) {
	db := made(t)
	ctx, cancel := context.WithCancel(t.Context())
	rows, err := db.Query(ctx, `with recursive n(i) as (select 1 union all select i + 1 from n) select i from n`)
	must(t, err)
	rows.Next()
	cancel()
	for rows.Next() {
	}
	rows.Close()
	if !errors.Is(rows.Err(), context.Canceled) {
		t.Error(rows.Err())
	}
	if _, err := count(t.Context(), db); err != nil {
		t.Error(err)
	}
}

func TestVerifyFindsRowsThatReferToNothing(t *testing.T) {
	db := made(t)
	must(t, db.Verify(t.Context()))
	_, err := db.Exec(t.Context(), `create table note (lead integer references lead (id)) strict`)
	must(t, err)
	_, err = db.writer.Exec(`pragma foreign_keys = 0`)
	must(t, err)
	_, err = db.Exec(t.Context(), `insert into note values (7)`)
	must(t, err)
	if err := db.Verify(t.Context()); !Damaged(err) || !strings.Contains(err.Error(), "note") {
		t.Error(err)
	}
}
