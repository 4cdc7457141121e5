package main

import (
	"bufio"
	"context"
	"flag"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

var long = flag.Bool("long", false, "run the long fault tests")

// TestMain lets the test binary also be the server, and the other processes that tests kill or starve.
func TestMain(m *testing.M) {
	switch os.Getenv("ROWHOUSE_CHILD") {
	case "server":
		os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
	case "founder":
		childFounds(os.Args[1], os.Args[2])
	case "paid":
		childIsPaid(os.Args[1], os.Args[2])
	case "crowd":
		childCrowd(os.Args[1], os.Args[2], os.Args[3])
	default:
		os.Exit(m.Run())
	}
}

// twin is this test binary as another process.
func twin(kind string, args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "ROWHOUSE_CHILD="+kind)
	return cmd
}

// serving starts rowhouse serve on a folder and waits until it answers.
func serving(t *testing.T, dir string) (cmd *exec.Cmd, at string) {
	t.Helper()
	cmd = twin("server", "serve", "--dir", dir, "--domain", "example.com", "--http", "127.0.0.1:0")
	line := started(t, cmd)
	_, at, ok := strings.Cut(strings.TrimSpace(line), " on ")
	if !ok {
		t.Fatalf("the server says %q", line)
	}
	return cmd, at
}

// started starts a child and returns its first line.
func started(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() { end(cmd) })
	first := bufio.NewReader(out)
	line, err := first.ReadString('\n')
	must(t, err)
	go io.Copy(io.Discard, first)
	return line
}

// end kills a child as a power cut would, without a word.
func end(cmd *exec.Cmd) {
	cmd.Process.Kill()
	cmd.Wait()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// rounds is how often a fault is tried: few times, or many with -long.
func rounds(few, many int) int {
	if *long {
		return many
	}
	return few
}

// open puts the product together on a folder, with the machine's clock, as rowhouse serve does.
func open(t testing.TB, dir string) *app {
	t.Helper()
	a, err := build(context.Background(), config{dir: dir, domain: "example.com", https: true})
	must(t, err)
	return a
}
