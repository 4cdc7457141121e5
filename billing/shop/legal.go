package shop

import (
	"io"
	"net/http"
)

// robots keeps search engines away from registrations under way.
func robots(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := io.WriteString(w, "User-agent: *\nDisallow: /register\nDisallow: /admin\nDisallow: /sign-in\n")
	return err
}
