package settings

import (
	"database/sql"
	"net/http"
	"strings"

	"rowhouse/crm/page"
	"rowhouse/crm/record"
	"rowhouse/data/fault"
	"rowhouse/ui"
	"rowhouse/ui/session"
)

// deviceRow is one browser in which the person is signed in.
type deviceRow struct {
	Key            string // the beginning of the session's hash
	Name, IP, Seen string
	This, Phone    bool
}

// keyLen is how much of a session's hash names it: enough to be one of a person's few.
const keyLen = 20

func devicesOf(r *http.Request, d *page.Desk, look *ui.Look) ([]deviceRow, error) {
	list, err := session.List(r.Context(), d.Store.DB, d.Person.ID, d.Store.Now)
	if err != nil {
		return nil, err
	}
	var rows []deviceRow
	for _, s := range list {
		if s.Pending {
			continue
		}
		browser, system := agentWords(s.Agent)
		row := deviceRow{Key: s.Hash[:min(len(s.Hash), keyLen)], Name: look.T("%s on %s", browser, system), IP: s.IP, Seen: look.Ago(s.Seen), This: s.Hash == d.Session.Hash,
			Phone: system == "Android" || system == "iPhone"}
		if browser == "" || system == "" {
			row.Name = look.T("Another browser")
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// agentWords names the browser and the system of a User-Agent header, or nothing where it is none of the usual ones.
// Most browsers name others beside themselves, so the order counts.
func agentWords(agent string) (browser, system string) {
	for _, b := range [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}} {
		if strings.Contains(agent, b[0]) {
			browser = b[1]
			break
		}
	}
	for _, s := range [][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS X", "Mac"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}} {
		if strings.Contains(agent, s[0]) {
			system = s[1]
			break
		}
	}
	return browser, system
}

func endSession(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	if err := bare(w, r); err != nil {
		return err
	}
	list, err := session.List(r.Context(), d.Store.DB, d.Person.ID, d.Store.Now)
	if err != nil {
		return err
	}
	for _, s := range list {
		if len(s.Hash) >= keyLen && s.Hash[:keyLen] == r.PathValue("key") {
			return end(w, r, d, "That device is signed out.", func(tx *sql.Tx) error { return session.End(r.Context(), tx, d.Person.ID, s.Hash) })
		}
	}
	return fault.New(fault.Missing, "This device is signed out already.")
}

func endSessions(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	if err := bare(w, r); err != nil {
		return err
	}
	return end(w, r, d, "All other devices are signed out.", func(tx *sql.Tx) error { return session.EndAll(r.Context(), tx, d.Person.ID, d.Session.Hash) })
}

// end ends some of the person's sessions, with an entry in the log.
func end(w http.ResponseWriter, r *http.Request, d *page.Desk, sentence string, work func(*sql.Tx) error) error {
	err := d.Store.DB.Tx(r.Context(), func(tx *sql.Tx) error {
		if err := work(tx); err != nil {
			return err
		}
		return record.Log(r.Context(), tx, d.Store.Now, record.Act{Staff: d.Person.ID, Act: "sessions ended", Entity: "staff", Record: d.Person.ID, Title: d.Person.Name(), IP: d.Store.IP})
	})
	if err != nil {
		return err
	}
	endStreams(d)
	return done(w, r, "/admin/profile", sentence)
}
