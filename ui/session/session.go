// Package session remembers who is signed in: rows in the file of the site, so that they end when they are ended
// and mean nothing on another site. It also keeps passwords, second factors, one-time links and counts of tries.
package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"time"

	"rowhouse/data"
)

// Schema holds sessions, one-time links and counts of tries.
//
//go:embed *.sql
var Schema embed.FS

// How long a session lasts: unused, and at the most.
const (
	IdleLife  = 8 * time.Hour
	WholeLife = 14 * 24 * time.Hour
)

// seenEvery is how exactly the last use is noted: a write for each page would cost a sync of the disk.
const seenEvery = 5 * time.Minute

// Session is one browser of one person.
type Session struct {
	Hash          string
	Person        int64
	Pending       bool // the second factor is still to come
	Created, Seen time.Time
	IP, Agent     string
	Guest         string    // somebody else who acts in the person's name; empty is the person
	Ends          time.Time // of a guest's session; zero is when the person's would
}

// Cookies says how sessions travel. Over https the cookie carries the __Host- prefix, which ties it to this very host:
// a sibling subdomain can neither read nor set it.
type Cookies struct{ HTTPS bool }

// Name is the name of the cookie.
func (c Cookies) Name() string {
	if c.HTTPS {
		return "__Host-rowhouse"
	}
	return "rowhouse"
}

// Start begins a session and hands the browser its cookie. A session that the browser had before is ended.
func (c Cookies) Start(ctx context.Context, tx *sql.Tx, w http.ResponseWriter, r *http.Request, now time.Time, person int64, pending bool) error {
	return c.begin(ctx, tx, w, r, now, Session{Person: person, Pending: pending})
}

// StartGuest begins a session that guest has in a person's name, until a moment.
func (c Cookies) StartGuest(ctx context.Context, tx *sql.Tx, w http.ResponseWriter, r *http.Request, now time.Time, person int64, guest string, until time.Time) error {
	return c.begin(ctx, tx, w, r, now, Session{Person: person, Guest: guest, Ends: until})
}

func (c Cookies) begin(ctx context.Context, tx *sql.Tx, w http.ResponseWriter, r *http.Request, now time.Time, s Session) error {
	if old, err := r.Cookie(c.Name()); err == nil {
		if _, err := tx.ExecContext(ctx, `delete from session where hash = ?`, hash(old.Value)); err != nil {
			return err
		}
	}
	secret := rand.Text() + rand.Text()
	var ends any
	if !s.Ends.IsZero() {
		ends = s.Ends.UnixMilli()
	}
	_, err := tx.ExecContext(ctx, `insert into session (hash, person, pending, created_at, seen_at, ip, agent, guest, ends_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		hash(secret), s.Person, s.Pending, now.UnixMilli(), now.UnixMilli(), IP(r), agent(r), s.Guest, ends)
	if err != nil {
		return err
	}
	http.SetCookie(w, &http.Cookie{Name: c.Name(), Value: secret, Path: "/", MaxAge: int(WholeLife.Seconds()),
		Secure: c.HTTPS, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return nil
}

// Forget takes the cookie back.
func (c Cookies) Forget(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{Name: c.Name(), Path: "/", MaxAge: -1, Secure: c.HTTPS, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// Of returns the request's session in this file, or the zero Session if there is none that is still good.
func (c Cookies) Of(ctx context.Context, db *data.DB, r *http.Request, now time.Time) (Session, error) {
	cookie, err := r.Cookie(c.Name())
	if err != nil || len(cookie.Value) > 100 {
		return Session{}, nil
	}
	key := hash(cookie.Value)
	found, err := db.Memo("session/"+key, func() (any, error) { return find(ctx, db, key) })
	if err != nil {
		return Session{}, err
	}
	s := found.(Session)
	if s.Person == 0 || now.Sub(s.Seen) > IdleLife || now.Sub(s.Created) > WholeLife || now.Before(s.Created.Add(-time.Hour)) || s.ended(now) {
		return Session{}, nil
	}
	if now.Sub(s.Seen) > seenEvery {
		if _, err := db.Exec(ctx, `update session set seen_at = ?, ip = ? where hash = ?`, now.UnixMilli(), IP(r), key); err != nil {
			return s, nil // a full disk must not lock people out of reading
		}
	}
	return s, nil
}

// ended tells whether a guest's time is over.
func (s Session) ended(now time.Time) bool { return !s.Ends.IsZero() && now.After(s.Ends) }

const sessionColumns = `hash, person, pending, created_at, seen_at, ip, agent, guest, coalesce(ends_at, 0)`

func scanSession(row interface{ Scan(...any) error }) (Session, error) {
	var s Session
	var created, seen, ends int64
	err := row.Scan(&s.Hash, &s.Person, &s.Pending, &created, &seen, &s.IP, &s.Agent, &s.Guest, &ends)
	s.Created, s.Seen = time.UnixMilli(created).UTC(), time.UnixMilli(seen).UTC()
	if ends > 0 {
		s.Ends = time.UnixMilli(ends).UTC()
	}
	return s, err
}

func find(ctx context.Context, db *data.DB, key string) (Session, error) {
	s, err := scanSession(db.QueryRow(ctx, `select `+sessionColumns+` from session where hash = ?`, key))
	if errors.Is(err, sql.ErrNoRows) {
		return Session{}, nil
	}
	return s, err
}

// List returns a person's sessions that are still good, the last used first.
func List(ctx context.Context, db *data.DB, person int64, now time.Time) ([]Session, error) {
	rows, err := db.Query(ctx, `select `+sessionColumns+` from session where person = ? and seen_at > ? and coalesce(ends_at, ?) >= ? order by seen_at desc`,
		person, now.Add(-IdleLife).UnixMilli(), now.UnixMilli(), now.UnixMilli())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Session
	for rows.Next() {
		s, err := scanSession(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// End ends one session of a person.
func End(ctx context.Context, tx *sql.Tx, person int64, key string) error {
	_, err := tx.ExecContext(ctx, `delete from session where person = ? and hash = ?`, person, key)
	return err
}

// EndAll ends all sessions of a person but one; spare may be empty.
func EndAll(ctx context.Context, tx *sql.Tx, person int64, spare string) error {
	_, err := tx.ExecContext(ctx, `delete from session where person = ? and hash <> ?`, person, spare)
	return err
}

// Clean removes what has run out: sessions, links, and counts of more than a day ago.
func Clean(ctx context.Context, tx *sql.Tx, now time.Time) error {
	if _, err := tx.ExecContext(ctx, `delete from session where seen_at < ? or created_at < ?`,
		now.Add(-IdleLife).UnixMilli(), now.Add(-WholeLife).UnixMilli()); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `delete from ticket where expires_at < ?`, now.UnixMilli()); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `delete from attempt where at < ?`, now.Add(-24*time.Hour).UnixMilli())
	return err
}

// IP is the address that a request came from, without its port.
func IP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// Net is the part of the request's address that counts for limits: an IPv4 address, or the /64 of an IPv6 one.
func Net(r *http.Request) string {
	a, err := netip.ParseAddr(IP(r))
	if err != nil || a.Is4() || a.Is4In6() {
		return IP(r)
	}
	p, err := a.Prefix(64)
	if err != nil {
		return IP(r)
	}
	return p.String()
}

func agent(r *http.Request) string {
	a := []rune(r.UserAgent())
	return string(a[:min(len(a), 200)])
}

func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
