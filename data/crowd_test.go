package data

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// descriptors says how many this process has open.
func descriptors() int {
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		panic(err)
	}
	return len(entries)
}

// childCrowd lets 20 clients use many files with few descriptors, and prints what is wrong.
func childCrowd(dir string) {
	files, _ := strconv.Atoi(os.Getenv("ROWHOUSE_FILES"))
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 512, Max: 512}); err != nil {
		panic(err)
	}
	descriptorsBefore, goroutinesBefore := descriptors(), runtime.NumGoroutine()
	p := &Pool{Dir: dir}
	var group sync.WaitGroup
	for client := range 20 {
		group.Go(func() {
			for i := range files {
				if err := visit(p, tenant((i+client*13)%files), client); err != nil {
					fmt.Println(err)
				}
			}
		})
	}
	most := 0
	over := make(chan bool)
	go func() { group.Wait(); close(over) }()
	for running := true; running; {
		select {
		case <-over:
			running = false
		case <-time.After(5 * time.Millisecond):
			most = max(most, descriptors())
		}
	}
	if err := p.Close(); err != nil {
		fmt.Println(err)
	}
	if most > 512-100 {
		fmt.Println("descriptors at the most:", most)
	}
	for range 50 { // the last goroutines need a moment to end
		if descriptors() <= descriptorsBefore+3 && runtime.NumGoroutine() <= goroutinesBefore+3 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Println("descriptors:", descriptorsBefore, descriptors(), "goroutines:", goroutinesBefore, runtime.NumGoroutine())
}

// visit reads with several readers at once, and sometimes writes.
func visit(p *Pool, name string, client int) error {
	ctx := context.Background()
	db, done, err := p.Use(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	if client == 0 {
		if _, err := db.Exec(ctx, `insert into lead (name) values (?)`, time.Now().UnixNano()); err != nil {
			return err
		}
	}
	_, err = count(ctx, db)
	return err
}

func TestManyFilesWithFewDescriptors(t *testing.T) {
	files := 200
	if *long {
		files = 2000
	}
	dir := t.TempDir()
	must(t, copies(t.Context(), dir, files))
	out, err := child("crowd", dir, fmt.Sprint("ROWHOUSE_FILES=", files)).Output()
	if err != nil || len(out) > 0 {
		t.Fatalf("%v\n%s", err, out)
	}
}
