package billing_test

import (
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"rowhouse/data/clock"
)

func itoa(n int) string { return strconv.Itoa(n) }

// dieWithin is the child of the test that kills: it does all that follows from a payment, and dies without a word before
// or after the n-th transaction.
func dieWithin(t *testing.T, dir string) {
	left, err := strconv.Atoi(os.Getenv("ROWHOUSE_KILL_AT"))
	must(t, err)
	k := openBooks(t, dir, clock.At(noon))
	k.DB.OnCommit = func() {
		if left--; left <= 0 {
			must(t, syscall.Kill(os.Getpid(), syscall.SIGKILL))
			select {}
		}
	}
	k.work()
	k.turn()
}

func nanos() int64 { return time.Now().UnixNano() }
