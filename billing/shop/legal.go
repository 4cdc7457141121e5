package shop

import (
	"io"
	"net/http"

	"rowhouse/ui"
)

type textPage struct {
	*landingPage
	Paras []para
}

var textView = ui.Parse[textPage](pages, ui.Site, "text.html", "bar.html")

// text serves one of the host's long texts.
func (s *Shop) text(title string, of func(Texts) string) ui.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		p, err := s.shopWindow(w, r, title)
		if err != nil {
			return err
		}
		return textView.Show(w, r, textPage{p, prose(of(p.Texts))})
	}
}

// robots keeps search engines away from registrations under way.
func robots(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := io.WriteString(w, "User-agent: *\nDisallow: /register\nDisallow: /admin\nDisallow: /sign-in\n")
	return err
}
