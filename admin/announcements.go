package admin

import (
	"net/http"
	"net/url"
	"strconv"

	"rowhouse/data/fault"
	"rowhouse/ui"
)

var (
	announcementsPage = ui.Parse[newsList](files, ui.App, "announcements.html", "parts.html")
	announcementPage  = ui.Parse[newsSheet](files, ui.App, "announcement.html", "parts.html")
)

// newsRoutes are the pages about what the host tells its tenants.
func (p *Panel) newsRoutes() map[string]ui.Handler {
	return map[string]ui.Handler{
		"GET /admin/announcements":                p.announcements,
		"GET /admin/announcements/new":            p.newNews,
		"POST /admin/announcements":               p.makeNews,
		"GET /admin/announcements/{id}":           p.showNews,
		"POST /admin/announcements/{id}":          p.saveNews,
		"POST /admin/announcements/{id}/start":    p.newsAct("It is announced.", "announce", `update announcement set announced_at = ?2 where id = ?1 and announced_at = 0 and ended_at = 0 and (ends_at = 0 or ends_at > ?2)`),
		"POST /admin/announcements/{id}/ending":   p.newsAct("It has ended.", "end announcement", `update announcement set ended_at = ?2 where id = ?1 and announced_at > 0 and ended_at = 0`),
		"POST /admin/announcements/{id}/deletion": p.newsAct("The draft is deleted.", "delete announcement", `delete from announcement where id = ?1 and announced_at = 0 and ?2 > 0`),
	}
}

type newsList struct {
	ui.Frame
	Rows []newsRow
	More string
}

type newsRow struct {
	Announcement
	Status, Says, When string
	Hue                int
}

var newsWordsOf = map[string]string{"draft": "Draft", "set": "Will begin", "running": "Running", "ended": "Ended"}

var newsHues = map[string]int{"draft": 11, "set": 8, "running": 4, "ended": 11}

func (p *Panel) newsLine(look *ui.Look, a Announcement) newsRow {
	state := a.State(p.Clock.Now())
	row := newsRow{Announcement: a, Status: look.T(newsWordsOf[state]), Hue: newsHues[state], Says: short(ui.Plain(a.in(look.Tag).Text), 120), When: look.T("at once")}
	if !a.Starts.IsZero() {
		row.When = look.Moment(a.Starts)
	} else if !a.Announced.IsZero() {
		row.When = look.Moment(a.Announced)
	}
	if !a.Ends.IsZero() {
		row.When += " – " + look.Moment(a.Ends)
	}
	return row
}

func (p *Panel) announcements(w http.ResponseWriter, r *http.Request) error {
	page := newsList{Frame: p.frame(w, r, "Announcements", "/admin/announcements")}
	before, _ := strconv.ParseInt(r.FormValue("before"), 10, 64) // what is no number is the first page
	found, err := p.news(r.Context(), before, pageSize+1)
	if err != nil {
		return err
	}
	if len(found) > pageSize {
		found = found[:pageSize]
		page.More = "/admin/announcements?before=" + strconv.FormatInt(found[pageSize-1].ID, 10)
	}
	for _, a := range found {
		page.Rows = append(page.Rows, p.newsLine(page.Look, a))
	}
	return announcementsPage.Show(w, r, page)
}

// newsSheet is one announcement: its form, or once it has begun what it says, and whom it reaches.
type newsSheet struct {
	ui.Frame
	New, Open, Draft, Running bool
	Row                       newsRow
	Form                      box
	Sample                    ui.Notice
	Reach                     string
	Mail                      string
	Path                      string
}

func (p *Panel) newNews(w http.ResponseWriter, r *http.Request) error {
	return p.newNewsWith(w, r, http.StatusOK, nil)
}

func (p *Panel) newNewsWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	page := newsSheet{Frame: p.below(w, r, "New announcement", "Announcements", "/admin/announcements"), New: true, Open: true}
	form, err := p.newsForm(r, page.Look, Announcement{Kind: "info", Dismissible: true})
	if err != nil {
		return err
	}
	page.Form = form.again(bad)
	return announcementPage.ShowAs(w, r, status, page)
}

func (p *Panel) showNews(w http.ResponseWriter, r *http.Request) error {
	return p.newsWith(w, r, http.StatusOK, nil)
}

func (p *Panel) newsWith(w http.ResponseWriter, r *http.Request, status int, bad *refused) error {
	a, err := p.announcement(r.Context(), number(r))
	if err != nil {
		return err
	}
	now := p.Clock.Now()
	page := newsSheet{Frame: p.below(w, r, "Announcement", "Announcements", "/admin/announcements"), Open: a.open(now), Draft: a.State(now) == "draft", Path: newsPath(a.ID)}
	page.Row, page.Sample = p.newsLine(page.Look, a), a.notice(page.Look)
	page.Running = !a.Announced.IsZero() && a.State(now) != "ended"
	n, err := p.reach(r.Context(), a)
	if err != nil {
		return err
	}
	page.Reach = page.N("%d tenant sees it", "%d tenants see it", int(n))
	switch {
	case a.Letter && a.Announced.IsZero():
		page.Mail = page.N("%d owner gets a letter", "%d owners get a letter", int(n))
	case a.Letter:
		page.Mail = page.N("%d letter was posted", "%d letters were posted", int(a.Letters))
	}
	if page.Open {
		form, err := p.newsForm(r, page.Look, a)
		if err != nil {
			return err
		}
		page.Form = form.again(bad)
	}
	return announcementPage.ShowAs(w, r, status, page)
}

func newsPath(id int64) string { return "/admin/announcements/" + strconv.FormatInt(id, 10) }

func (p *Panel) makeNews(w http.ResponseWriter, r *http.Request) error {
	return p.takeNews(w, r, 0, p.newNewsWith)
}

func (p *Panel) saveNews(w http.ResponseWriter, r *http.Request) error {
	if err := may(r, mayWrite); err != nil {
		return err
	}
	if _, err := p.announcement(r.Context(), number(r)); err != nil {
		return err
	}
	return p.takeNews(w, r, number(r), p.newsWith)
}

func (p *Panel) takeNews(w http.ResponseWriter, r *http.Request, id int64, page func(http.ResponseWriter, *http.Request, int, *refused) error) error {
	look := ui.LookOf(r)
	return p.take(w, r, post{right: mayWrite, form: "announcement", names: newsFields, page: page, act: func(form url.Values) (string, string, error) {
		a, err := readNews(form, look.Zone)
		if err != nil {
			return "", "", err
		}
		a.ID = id
		kept, err := p.keepNews(r.Context(), a, actor(r))
		if err == nil && id == 0 {
			id = kept
		}
		return look.T("Saved"), newsPath(id), err
	}})
}

// newsAct is a button that announces, ends or deletes.
func (p *Panel) newsAct(done, act, query string) ui.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		look := ui.LookOf(r)
		return p.take(w, r, post{right: mayWrite, act: func(url.Values) (string, string, error) {
			err := p.changeNews(r.Context(), number(r), act, query, actor(r))
			to := newsPath(number(r))
			if _, gone := p.announcement(r.Context(), number(r)); fault.Is(gone, fault.Missing) {
				to = "/admin/announcements"
			}
			return look.T(done), to, err
		}})
	}
}
