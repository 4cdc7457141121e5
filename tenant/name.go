package tenant

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"rowhouse/data/fault"
	"rowhouse/ui"
)

var nameShape = regexp.MustCompile(`^[a-z0-9](-?[a-z0-9]){2,40}$`)

// reserved are names that mean something to mail servers, browsers, certificate authorities or customers.
var reserved = strings.Fields(`www www1 www2 admin administrator root api app apps mail email smtp imap pop pop3 mx ns ns1 ns2 ns3 dns ftp sftp ssh
	autodiscover autoconfig mta-sts static assets cdn img images media files download downloads status health support help helpdesk docs doc blog
	news shop store billing invoice invoices pay payment payments checkout login logout signin signup register registration account accounts
	auth oauth sso id secure security abuse postmaster hostmaster webmaster noreply no-reply info contact sales marketing legal terms privacy
	host hosting server panel cpanel plesk webmail dashboard portal partner partners affiliate demo test testing staging stage dev development
	beta alpha sandbox preview internal intranet localhost local example back-office backoffice crm rowhouse tenant tenants operator system sys
	www-admin web wpad isatap broadcasthost git svn ci build monitor metrics grafana vpn proxy gateway cloud data db database backup backups`)

// taken is said for a name that is used, reserved or blocked: the reason is nobody's business.
func taken(name string) error {
	return fault.New(fault.Conflict, "The address %q is taken.", name)
}

// CheckName refuses a subdomain that cannot be had.
func (ts *Tenants) CheckName(ctx context.Context, tx *sql.Tx, name string) error {
	if err := shape(name); err != nil {
		return err
	}
	if isReserved(name) {
		return taken(name)
	}
	var found int
	err := tx.QueryRowContext(ctx, `select 1 from tenant where name = ?1 union all select 1 from alias where name = ?1 and until > ?2 union all select 1 from blocked_name
		where name = ?1 or (substr(name, -1) = '*' and ?1 like replace(replace(substr(name, 1, length(name) - 1), '%', ''), '_', '') || '%') limit 1`, name, ts.Clock.Now().UnixMilli()).Scan(&found)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look up name: %w", err)
	}
	return taken(name)
}

func shape(name string) error {
	switch {
	case !nameShape.MatchString(name) || len(name) > 42:
		return fault.New(fault.Invalid, "Please use 3 to 42 small letters and digits, with single hyphens between them.")
	case strings.HasPrefix(name, "xn-"):
		return fault.New(fault.Invalid, "An address cannot begin with xn-.")
	case strings.Trim(name, "0123456789-") == "":
		return fault.New(fault.Invalid, "Please use at least one letter.")
	}
	return nil
}

func isReserved(name string) bool {
	skeleton := lookalike(name)
	for _, r := range reserved {
		if name == r || skeleton == lookalike(r) {
			return true
		}
	}
	return false
}

// lookalike makes names equal that an eye takes for one another: adm1n and admin, rnail and mail.
func lookalike(name string) string {
	return strings.NewReplacer("-", "", "rn", "m", "vv", "w", "0", "o", "1", "l", "i", "l", "3", "e", "5", "s", "8", "b").Replace(name)
}

// NameOf makes a subdomain of a company's name: "Müller & Söhne GmbH" becomes muller-sohne.
func NameOf(company string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(company) {
		if folded, ok := letters[r]; ok {
			b.WriteString(folded)
			continue
		}
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		} else if b.Len() > 0 && !strings.HasSuffix(b.String(), "-") {
			b.WriteByte('-')
		}
	}
	name := strings.Trim(b.String(), "-")
	for _, form := range []string{"-gmbh", "-ag", "-kg", "-inc", "-ltd", "-llc", "-ug", "-co", "-sa", "-bv", "-oy", "-ab", "-gmbh-co-kg"} {
		name = strings.TrimSuffix(name, form)
	}
	return strings.Trim(name[:min(len(name), 40)], "-")
}

var letters = map[rune]string{'ä': "a", 'ö': "o", 'ü': "u", 'ß': "ss", 'à': "a", 'á': "a", 'â': "a", 'ã': "a", 'å': "a", 'æ': "ae", 'ç': "c", 'è': "e",
	'é': "e", 'ê': "e", 'ë': "e", 'ì': "i", 'í': "i", 'î': "i", 'ï': "i", 'ñ': "n", 'ò': "o", 'ó': "o", 'ô': "o", 'õ': "o", 'ø': "o", 'ù': "u", 'ú': "u",
	'û': "u", 'ý': "y", 'ÿ': "y", 'ś': "s", 'š': "s", 'ş': "s", 'ł': "l", 'ż': "z", 'ź': "z", 'ž': "z", 'č': "c", 'ć': "c", 'ę': "e", 'ą': "a", 'ń': "n", 'ğ': "g", 'ı': "i"}

// Free tells whether a name can be had, and if not, three that can.
func (ts *Tenants) Free(ctx context.Context, look *ui.Look, name string) (free bool, why string, suggestions []string, err error) {
	err = ts.DB.Snapshot(ctx, func(tx *sql.Tx) error {
		switch err := ts.CheckName(ctx, tx, name); {
		case err == nil:
			free = true
			return nil
		case fault.Of(err).Kind == fault.Ours:
			return err
		default:
			f := fault.Of(err)
			why = look.T(f.Format, f.Args...)
		}
		base := strings.TrimPrefix(NameOf(name), "xn-")
		if base == "" {
			base = "company"
		}
		for _, end := range []string{"-crm", "-team", "-hq", "-office", "-group", "-2", "-3", "-4", "-5", "-6", "-7", "-8", "-9"} {
			try := base + end
			if ts.CheckName(ctx, tx, try) == nil {
				if suggestions = append(suggestions, try); len(suggestions) == 3 {
					break
				}
			}
		}
		return nil
	})
	return free, why, suggestions, err
}

// Block adds names that cannot be had: "name", or "beginning*".
func (ts *Tenants) Block(ctx context.Context, name, why string) error {
	name = strings.ToLower(strings.TrimSpace(name))
	if name == "" || name == "*" || strings.Trim(strings.TrimSuffix(name, "*"), "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return fault.New(fault.Invalid, "Please enter a name like acme, or a beginning like acme*.")
	}
	_, err := ts.DB.Exec(ctx, `insert or replace into blocked_name (name, why) values (?, ?)`, name, why)
	return err
}

// Unblock takes a name off the blocked list.
func (ts *Tenants) Unblock(ctx context.Context, name string) error {
	_, err := ts.DB.Exec(ctx, `delete from blocked_name where name = ?`, name)
	return err
}

// BlockedNames returns the host's own list of names that cannot be had.
func (ts *Tenants) BlockedNames(ctx context.Context) ([]string, error) {
	rows, err := ts.DB.Query(ctx, `select name from blocked_name order by name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		names = append(names, n)
	}
	return names, rows.Err()
}
