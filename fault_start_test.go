package main

import (
	"bytes"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rowhouse/data"
)

// What a server cannot start with is said in one line, without a word of where in the program it happened.
func TestAServerThatCannotStartSaysWhyInOneLine(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	locked := t.TempDir()
	unlock, err := data.Lock(locked)
	must(t, err)
	defer func() { must(t, unlock()) }()
	damaged, lost := t.TempDir(), t.TempDir()
	must(t, os.Mkdir(filepath.Join(damaged, "host"), 0o700))
	must(t, os.WriteFile(filepath.Join(damaged, "host", "data.db"), []byte("no database at all\n"), 0o600))
	must(t, os.MkdirAll(filepath.Join(lost, "tenants", "acme"), 0o700))

	for _, c := range []struct{ name, dir, addr, say string }{
		{"the address is taken", t.TempDir(), l.Addr().String(), "listening on " + l.Addr().String()},
		{"the address is none", t.TempDir(), "nowhere", "listen on nowhere"},
		{"the folder lies below a file", filepath.Join(file, "var"), "127.0.0.1:0", "not a directory"},
		{"another server has the folder", locked, "127.0.0.1:0", "Another rowhouse is already running"},
		{"the host's file is damaged", damaged, "127.0.0.1:0", "data.db"},
		{"the host's file is lost", lost, "127.0.0.1:0", "Put it back from a backup"},
	} {
		code, out := serveOnce(t, c.dir, c.addr)
		if code != 1 || strings.Count(out, "\n") != 1 || !strings.HasPrefix(out, "rowhouse: ") || !strings.Contains(out, c.say) {
			t.Errorf("%s: exit code %d and\n%s", c.name, code, out)
		}
	}
}

// serveOnce runs a server that ends by itself, and returns its exit code and all that it said.
func serveOnce(t *testing.T, dir, addr string) (int, string) {
	cmd := twin("server", "serve", "--domain", "example.com", "--dir", dir, "--http", addr)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	must(t, cmd.Start())
	stop := time.AfterFunc(5*time.Second, func() { cmd.Process.Kill() })
	defer stop.Stop()
	if err := cmd.Wait(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

func TestAKilledServerLeavesNoLockBehind(t *testing.T) {
	dir := t.TempDir()
	for range rounds(2, 50) {
		cmd, _ := serving(t, dir)
		if code, out := serveOnce(t, dir, "127.0.0.1:0"); code != 1 || !strings.Contains(out, "Another rowhouse is already running") {
			t.Fatal("a second server on the folder:", code, out)
		}
		end(cmd)
	}
}
