package office

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// doors are the addresses by which PocketBase can be changed, questioned, or made to give something away.
var doors = []string{
	"", "/", "/health", "/settings", "/settings/test/s3", "/settings/test/email", "/settings/apple/generate-client-secret",
	"/logs", "/logs/stats", "/logs/x", "/crons", "/crons/__pbLogsCleanup__", "/sql", "/sql/run", "/batch", "/realtime",
	"/backups", "/backups/upload", "/backups/x.zip", "/backups/x.zip/restore", "/files/token", "/files/operators/x/x.png",
	"/oauth2-redirect", "/collections", "/collections/import", "/collections/meta/scaffolds", "/collections/meta/oauth2-providers",
	"/collections/meta/dry-run-view", "/collections/tenants", "/collections/operators", "/collections/_superusers", "/collections/tenants/truncate",
	"/collections/operators/records", "/collections/operators/records/1", "/collections/operators/auth-methods", "/collections/operators/auth-refresh",
	"/collections/operators/auth-with-password", "/collections/operators/auth-with-oauth2", "/collections/operators/auth-with-otp",
	"/collections/operators/request-otp", "/collections/operators/request-password-reset", "/collections/operators/confirm-password-reset",
	"/collections/operators/request-verification", "/collections/operators/confirm-verification", "/collections/operators/request-email-change",
	"/collections/operators/confirm-email-change", "/collections/operators/impersonate/x", "/collections/operators/external-auths",
	"/collections/_superusers/records", "/collections/_superusers/auth-with-password", "/collections/_superusers/auth-refresh",
	"/collections/_superusers/request-otp", "/collections/_superusers/impersonate/x", "/collections/_superusers/request-password-reset",
	"/collections/_mfas/records", "/collections/_otps/records", "/collections/_externalAuths/records", "/collections/_authOrigins/records",
	"/collections/users/records", "/collections/users/auth-with-password", "/collections/tenant/records", "/collections/session/records",
	"/collections/gateway/records", "/collections/method/records", "/collections/_params/records", "/collections/_collections/records",
	"/collections/sqlite_schema/records", "/collections/moving_attempt/records", "/collections/pbc_1/records", "/collections/tenants/records/1/files",
}

// tricks are spellings of good addresses and bad ones that another reader might understand differently.
var tricks = []string{
	"//back-office/api/collections/tenants/records", "/back-office//api/collections/tenants/records", "/back-office/api//collections/tenants/records",
	"/back-office/api/collections//records", "/back-office/api/collections/tenants//records", "/back-office/api/collections/tenants/records/",
	"/back-office/api/collections/tenants/records//", "/back-office/api/collections/tenants/records/1/", "/back-office/api/collections/tenants/records/.",
	"/back-office/api/collections/tenants/records/..", "/back-office/api/collections/tenants/records/../../operators/records",
	"/back-office/api/collections/tenants/../operators/records", "/back-office/api/collections/./tenants/records", "/back-office/api/../api/collections/tenants/records",
	"/back-office/api/collections/tenants/records/%2e%2e", "/back-office/api/collections/tenants/%2e%2e/operators/records",
	"/back-office/api/collections/%2e/records", "/back-office/api/collections/tenants%2frecords", "/back-office/api/collections/tenants/records%2f1",
	"/back-office/api/collections/tenants/records/1%2f..%2f..", "/back-office/api/collections/%74enants/records", "/back-office/api/collections/tenants/records%00",
	"/back-office/api/collections/tenants/records;x=1", "/back-office/api/collections/tenants;/records", "/back-office/api/collections/TENANTS/records",
	"/BACK-OFFICE/api/collections/tenants/records", "/back-office/api/COLLECTIONS/tenants/records", "/back-office/api/collections/tenants/Records",
	"/back-office/api/collections/tenants/records/1%20", "/back-office/api/collections/tenants/records/1'--", "/back-office/api/collections/tenants%20/records",
	`/back-office/api/collections/tenants\records`, "/back-office/_/", "/back-office/api/collections/tenants/records/%252e%252e", "/_/", "/api/collections/tenants/records",
	"/back-office/api/collections/tenants/recordsx", "/back-office/api/collections/xtenants/records", "/back-office/api/collections/tenants/records/1/2",
}

var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "PROPFIND"}

func TestNoDangerousDoorIsOpen(t *testing.T) {
	o := house(t)
	a := staff(t, o)[Owner]
	token, err := o.token(a.Number)
	if err != nil {
		t.Fatal(err)
	}
	if len(doors) < 60 {
		t.Fatal("the list is too short")
	}
	scan := func(a Account, method, target, token string) {
		r := request(method, target)
		if token != "" {
			r.Header.Set("Authorization", token)
		}
		w := httptest.NewRecorder()
		o.Serve(w, r, a)
		if w.Code != http.StatusNotFound || method != "HEAD" && w.Body.String() != nothing {
			t.Errorf("%s %s: %d %s", method, target, w.Code, w.Body)
		}
	}
	for _, method := range methods {
		for _, who := range []Account{{}, a} {
			for _, token := range []string{"", token} {
				for _, door := range doors {
					scan(who, method, "/back-office/api"+door, token)
				}
				for _, trick := range tricks {
					scan(who, method, trick, token)
				}
			}
		}
	}
	for _, method := range methods[2:] {
		scan(a, method, root+"tenants/records", token)
		scan(a, method, root+"tenants/records/1", token)
	}
	scan(Account{}, "GET", root+"tenants/records", token)
}

// request reads an address as the server does: what cannot be read at all never comes to us.
func request(method, target string) *http.Request {
	r := httptest.NewRequest("GET", "/", nil)
	r.Method = method
	if u, err := r.URL.Parse("http://host.example"); err == nil {
		if strings.HasPrefix(target, "//") { // an absolute address would lose its first part
			u.Path = target
			r.URL = u
			return r
		}
	}
	if read, err := http.NewRequest("GET", "http://host.example"+target, nil); err == nil {
		r.URL = read.URL
	} else {
		r.URL.Path = target
	}
	return r
}

func TestClientsOwnTokenAndCookieGoNowhere(t *testing.T) {
	o := house(t)
	all := staff(t, o)
	owner, err := o.token(all[Owner].Number)
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("GET", root+"invoices/records?token="+owner, nil)
	r.Header.Set("Authorization", owner)
	r.Header.Set("Cookie", "pb_auth="+owner)
	r.Header.Set("X-HTTP-Method-Override", "DELETE")
	w := httptest.NewRecorder()
	o.Serve(w, r, all[Support])
	if w.Code != 404 || w.Body.String() != nothing {
		t.Error(w.Code, w.Body)
	}
}

func TestNoSecretIsInAnyAnswer(t *testing.T) {
	dir := folder(t, opened)
	o := openIn(t, dir)
	a, secret, codes := armed(t, o)
	if err := o.SetPassword(t.Context(), a.Number, password); err != nil {
		t.Fatal(err)
	}
	var kept struct {
		Password, Factor, Recovery string
		TokenKey                   string `db:"tokenKey"`
	}
	if err := o.app.DB().NewQuery(`select password, factor, recovery, tokenKey from operators`).One(&kept); err != nil {
		t.Fatal(err)
	}
	secrets := []string{canary, password, secret, codes[0], kept.Password, kept.Factor, kept.Recovery[2:60], kept.TokenKey, a.Email}
	token, err := o.token(a.Number)
	if err != nil {
		t.Fatal(err)
	}
	look := func(where, body string) {
		for _, s := range secrets {
			if strings.Contains(body, s) {
				t.Errorf("%s gives away %q: %s", where, s, body)
			}
		}
	}
	for _, v := range list() {
		for _, query := range []string{"", "?expand=operators,tenant&fields=*,expand.*", "?fields=*,password_hash", "?sort=password_hash", "?filter=(password_hash!='')", "?sort=@rowid"} {
			look(v.Name+query, get(o, a, "GET", root+v.Name+"/records"+query).Body.String())
			look(v.Name+"/1"+query, get(o, a, "GET", root+v.Name+"/records/1"+query).Body.String())
		}
		rows, _, err := o.Rows(t.Context(), a, v.Name, "", "", 1)
		for _, row := range rows {
			look("the rows of "+v.Name, strings.Join(row, " "))
		}
		if err != nil {
			t.Error(err)
		}
	}
	for _, door := range doors {
		if strings.Contains(door, "/realtime") || strings.Contains(door, "auth-refresh") { // the one never ends, the other is tested below
			continue
		}
		look("inside "+door, inside(o, "GET", "/api"+door, token).Body.String())
		look("inside "+door, inside(o, "GET", "/api"+door, "").Body.String())
	}
	if w := inside(o, "POST", "/api/collections/operators/auth-refresh", token); w.Code < 400 {
		t.Error("a token makes another:", w.Body)
	}
	whole, err := os.ReadFile(filepath.Join(dir, "host", "auxiliary.db"))
	look("auxiliary.db", string(whole))
	if err != nil {
		t.Error(err)
	}
}

func TestOperatorsCannotBeReadNorChangedInside(t *testing.T) {
	o := house(t)
	a := staff(t, o)[Owner]
	token, err := o.token(a.Number)
	if err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{"GET", "POST", "PATCH", "DELETE"} {
		for _, path := range []string{"/api/collections/operators/records", "/api/collections/operators/records/x", "/api/settings", "/api/collections", "/api/sql", "/api/backups", "/api/logs", "/api/crons"} {
			if w := inside(o, method, path, token); w.Code < 400 {
				t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
			}
		}
	}
}
