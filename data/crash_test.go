package data

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"
)

// childWrites inserts leads until it is killed. Each id is printed once it is acknowledged.
func childWrites(path string) {
	ctx := context.Background()
	db, err := Open(ctx, path)
	if err != nil {
		panic(err)
	}
	var out sync.Mutex
	for client := range 4 {
		go func() {
			for i := 0; ; i++ {
				res, err := db.Exec(ctx, `insert into lead (name) values (?)`, fmt.Sprint(os.Getpid(), " ", client, " ", i))
				if err != nil {
					panic(err)
				}
				id, _ := res.LastInsertId()
				out.Lock()
				fmt.Println(id)
				out.Unlock()
			}
		}()
	}
	select {}
}

func TestAcknowledgedWritesSurviveAKill(t *testing.T) {
	rounds := 10
	if *long {
		rounds = 200
	}
	dir := t.TempDir()
	must(t, sample(t.Context(), dir, "acme", 10))
	path := filepath.Join(dir, "acme", FileName)
	acknowledged := map[int]bool{}
	for range rounds {
		for _, id := range killed(t, path) {
			acknowledged[id] = true
		}
		db, err := Open(t.Context(), path)
		must(t, err)
		must(t, db.Verify(t.Context()))
		kept := map[int]bool{}
		rows, err := db.Query(t.Context(), `select id from lead`)
		must(t, err)
		for rows.Next() {
			var id int
			must(t, rows.Scan(&id))
			kept[id] = true
		}
		must(t, rows.Err())
		must(t, db.Close())
		for id := range acknowledged {
			if !kept[id] {
				t.Fatalf("lead %d was acknowledged and is lost", id)
			}
		}
	}
	t.Logf("%d rounds, %d acknowledged, none lost", rounds, len(acknowledged))
}

// killed runs a writing process, kills it after a moment, and returns what it had acknowledged.
func killed(t *testing.T, path string) (ids []int) {
	cmd := child("writer", path)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	time.AfterFunc(time.Duration(20+rand.IntN(60))*time.Millisecond, func() { cmd.Process.Kill() })
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n') // the last line may be half of one
		if err == io.EOF {
			break
		}
		must(t, err)
		id, err := strconv.Atoi(line[:len(line)-1])
		must(t, err)
		ids = append(ids, id)
	}
	cmd.Wait()
	return ids
}
