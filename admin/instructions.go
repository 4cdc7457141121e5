package admin

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"unicode"

	"rowhouse/data/fault"
	"rowhouse/tenant"
	"rowhouse/ui"
)

var instructionsPage = ui.Parse[instructionSheet](files, ui.App, "instructions.html", "parts.html")

// instructionSheet shows what the file will say.
type instructionSheet struct {
	ui.Frame
	Text, To string
}

func (p *Panel) instructions(w http.ResponseWriter, r *http.Request) error {
	if err := may(r, mayKeep); err != nil {
		return err
	}
	st, err := p.standing(r)
	if err != nil {
		return err
	}
	page := instructionSheet{Frame: p.below(w, r, "Setup instructions", "Tenants", "/admin/tenants"), To: tenantsPath(st.Name)}
	page.Crumbs = append(page.Crumbs, ui.Item{Label: st.Company, URL: page.To})
	page.Text = instructionText(st.Tenant, p.Tenants.Domain, p.Tenants.Home()+"/admin/bundles/…")
	return instructionsPage.Show(w, r, page)
}

// downloadInstructions makes a link to the bundle, which works once for a day, and hands out the file that names it.
func (p *Panel) downloadInstructions(w http.ResponseWriter, r *http.Request) error {
	if err := may(r, mayKeep); err != nil {
		return err
	}
	st, err := p.standing(r)
	if err != nil {
		return err
	}
	secret, err := p.Tenants.OfferBundle(r.Context(), st.Name, actor(r))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="set-up-`+st.Name+`.md"`)
	w.Header().Set("Cache-Control", "no-store")
	_, err = w.Write([]byte(instructionText(st.Tenant, p.Tenants.Domain, p.Tenants.Home()+"/admin/bundles/"+secret)))
	return err
}

// bundle hands out a tenant as one file to whoever has the link, once.
func (p *Panel) bundle(w http.ResponseWriter, r *http.Request) error {
	name, err := p.Tenants.TakeBundle(r.Context(), r.PathValue("secret"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/gzip")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.tar.gz"`)
	w.Header().Set("Cache-Control", "no-store")
	err = p.Tenants.Export(r.Context(), name, w)
	if f := fault.Of(err); err != nil && f.Kind == fault.Ours {
		panic(http.ErrAbortHandler) // half a bundle must not look like a whole one
	}
	return err
}

// plain makes a text of strangers harmless in markdown, and for whoever pastes it into a shell: letters, digits and blanks stay, line
// breaks and invisible characters go, and of the marks only those stay that mean nothing to either.
func plain(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r > 0xa0 && visible(r), strings.ContainsRune(" .,-", r):
			b.WriteRune(r)
		case r == '&':
			b.WriteString("and")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// instructionText is the file. Only the checked name of the tenant and the host's own domain are in what is to be typed.
func instructionText(t tenant.Tenant, domain, link string) string {
	host := domain
	if h, _, err := net.SplitHostPort(domain); err == nil {
		host = h
	}
	return fmt.Sprintf(instructionForm, plain(t.Company), t.Name, host, link)
}

// instructionForm takes the company, the tenant's name, the host's domain and the bundle's link.
const instructionForm = `# Set-up of %[2]s.%[3]s

This CRM belongs to %[1]s. It runs at https://%[2]s.%[3]s/admin; these are the steps to run it on another server.
Four are enough, as everything is one program and one folder.

## 1. DNS

Point the name, or all names at once, to the new server:

    %[2]s.%[3]s.   300  IN  A     <IPv4 of the server>
    %[2]s.%[3]s.   300  IN  AAAA  <IPv6 of the server>
    *.%[3]s.       300  IN  A     <IPv4 of the server>

A wildcard is enough for every tenant to come. Wait until "dig +short %[2]s.%[3]s" shows the address.

## 2. The program and the database file

Each tenant has a database file of its own; there is no database server. Put the program on the server, then fetch the tenant and take it in,
with the server stopped:

    curl -fo %[2]s.tar.gz '%[4]s'
    rowhouse tenant import %[2]s.tar.gz --dir /var/lib/rowhouse --domain %[3]s

The link works once, for 24 hours, and is as good as the data: do not send it on. The file holds
manifest.json, crm.db (SQLite) and files/ (uploads by hash). Afterwards it is in
/var/lib/rowhouse/tenants/%[2]s/, and "rowhouse tenant verify %[2]s" reads every page of it.
The folder must belong to the user that runs the program and be readable for nobody else (0700).

## 3. Web server and TLS

The program speaks plain HTTP on 127.0.0.1:8080 and trusts the proxy in front for TLS:

    rowhouse serve --domain %[3]s --dir /var/lib/rowhouse --behind-proxy

nginx:

    server {
        listen 443 ssl;
        server_name %[3]s *.%[3]s;
        ssl_certificate     /etc/ssl/%[3]s.pem;   # a wildcard certificate, by DNS-01
        ssl_certificate_key /etc/ssl/%[3]s.key;
        client_max_body_size 100m;
        location / {
            proxy_pass http://127.0.0.1:8080;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_buffering off;                  # live updates
        }
    }

Caddy:

    %[3]s, *.%[3]s {
        reverse_proxy 127.0.0.1:8080
    }

## 4. Domain and subdomain routing

Who is asked for is decided by the Host header alone: %[3]s is the public site and the panel, %[2]s.%[3]s is this CRM. Nothing is
configured for a single tenant. The proxy must pass the Host header on unchanged.

- cPanel and Plesk: add the subdomain * and set its document root aside; turn on a proxy to 127.0.0.1:8080 for it.
- CloudPanel: make a site of the kind "Reverse Proxy" with the domain *.%[3]s.
- Cloudflare: set the record to DNS only until the certificate is there, then "Full (strict)".

## Check

    curl -fsS -o /dev/null -w '%%{http_code}\n' https://%[2]s.%[3]s/admin/login

It must answer 200. Then suspend the tenant on the old server, so that nobody writes there any more.
`

// visible tells whether a character beyond ASCII is one that is seen: no control, no direction, no private one.
func visible(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) }
