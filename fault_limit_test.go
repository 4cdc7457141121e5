package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"rowhouse/ui"
)

// listening serves the product as rowhouse serve does, with shorter patience if the test says so.
func listening(t *testing.T, change func(*http.Server)) (a *app, addr string) {
	t.Helper()
	a = newApp(t)
	a.found(t, "acme", 0)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	server := a.server()
	change(server)
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return a, l.Addr().String()
}

// say sends raw bytes to an address and returns the status and text of the answer.
func say(t *testing.T, addr string, send func(io.Writer)) (int, string) {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	must(t, err)
	defer c.Close()
	must(t, c.SetDeadline(time.Now().Add(5*time.Second)))
	go send(c)
	w, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return 0, err.Error()
	}
	defer w.Body.Close()
	b, _ := io.ReadAll(w.Body)
	return w.StatusCode, string(b)
}

func TestAFormThatIsTooLargeIsRefusedWithTheLimit(t *testing.T) {
	_, addr := listening(t, func(*http.Server) {})
	for _, host := range []string{"acme.example.com/admin/login", "example.com/register"} {
		name, path, _ := strings.Cut(host, "/")
		for _, length := range []string{fmt.Sprint("Content-Length: ", 64<<20), "Transfer-Encoding: chunked"} {
			code, page := say(t, addr, func(w io.Writer) {
				fmt.Fprintf(w, "POST /%s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n%s\r\n\r\n", path, name, length)
				flood(w, strings.HasPrefix(length, "T"))
			})
			if code != http.StatusRequestEntityTooLarge || !strings.Contains(page, fmt.Sprintf("at most %d KB", ui.MaxBody>>10)) {
				t.Errorf("%s, %s: %d %.300s", host, length, code, page)
			}
		}
	}
}

// flood sends a body without end, until nobody takes it any more.
func flood(w io.Writer, chunked bool) {
	part := strings.Repeat("a", 64<<10)
	if chunked {
		part = fmt.Sprintf("%x\r\n%s\r\n", len(part), part)
	}
	for {
		if _, err := io.WriteString(w, part); err != nil {
			return
		}
	}
}

func TestAFloodOfHeadersIsRefused(t *testing.T) {
	_, addr := listening(t, func(*http.Server) {})
	code, _ := say(t, addr, func(w io.Writer) {
		io.WriteString(w, "GET /admin/login HTTP/1.1\r\nHost: acme.example.com\r\n")
		for i := range 1000 { // a megabyte
			fmt.Fprintf(w, "X-Flood-%d: %s\r\n", i, strings.Repeat("a", 1000))
		}
		io.WriteString(w, "Connection: close\r\n\r\n")
	})
	if code != http.StatusRequestHeaderFieldsTooLarge {
		t.Error("a flood of headers is answered with", code)
	}
}

func TestASlowClientIsCutAndHoldsNobodyUp(t *testing.T) {
	s := (&app{}).server()
	if s.ReadHeaderTimeout > 10*time.Second || s.ReadHeaderTimeout == 0 || s.ReadTimeout == 0 || s.WriteTimeout == 0 || s.IdleTimeout == 0 || s.MaxHeaderBytes > 64<<10 {
		t.Errorf("the server waits too long: headers %s, body %s, answer %s, idle %s, %d bytes of headers", s.ReadHeaderTimeout, s.ReadTimeout, s.WriteTimeout, s.IdleTimeout, s.MaxHeaderBytes)
	}
	const patience = 300 * time.Millisecond
	_, addr := listening(t, func(s *http.Server) { s.ReadHeaderTimeout, s.ReadTimeout = patience, 2*patience })
	cut := make(chan time.Duration)
	const clients = 40
	for i := range clients {
		go func() { cut <- trickle(addr, i%2 == 0) }()
	}
	code, page := say(t, addr, func(w io.Writer) {
		io.WriteString(w, "GET /admin/login HTTP/1.1\r\nHost: acme.example.com\r\nConnection: close\r\n\r\n")
	})
	if code != http.StatusOK || !strings.Contains(page, "acme Ltd") {
		t.Error("beside slow clients, others are answered", code)
	}
	for range clients {
		if held := <-cut; held > 10*patience {
			t.Error("a slow client was held for", held)
		}
	}
}

// trickle sends a byte now and then, of headers or of a body, and returns after how long the server hung up.
func trickle(addr string, headers bool) time.Duration {
	began := time.Now()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return time.Hour
	}
	defer c.Close()
	if !headers {
		io.WriteString(c, "POST /admin/login HTTP/1.1\r\nHost: acme.example.com\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 10000\r\n\r\n")
	}
	gone := make(chan bool)
	go func() { io.Copy(io.Discard, c); close(gone) }()
	for time.Since(began) < 5*time.Second {
		select {
		case <-gone:
			return time.Since(began)
		case <-time.After(30 * time.Millisecond):
			io.WriteString(c, "G")
		}
	}
	return time.Hour
}
