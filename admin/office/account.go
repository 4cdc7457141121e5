package office

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"

	"rowhouse/data/fault"
	"rowhouse/ui/mail"
)

// maxName is the most that a name may have, in characters.
const maxName = 100

// Role is what an operator may do.
type Role string

// The roles. Owner and Billing see money, Support and ReadOnly do not.
const (
	Owner    Role = "owner"
	Billing  Role = "billing"
	Support  Role = "support"
	ReadOnly Role = "read_only"
)

// Money tells whether the role sees what tenants pay.
func (r Role) Money() bool { return r == Owner || r == Billing }

func (r Role) known() bool { return slices.Contains([]Role{Owner, Billing, Support, ReadOnly}, r) }

// Account is one of the host's people.
type Account struct {
	Number      int64 // never used again, so that old sessions and audit rows mean nobody else
	Email, Name string
	Role        Role
	Active      bool
	Networks    []netip.Prefix // from where this operator may come; empty means from everywhere
	Factor      bool           // has a second factor
	LastLogin   time.Time
	Created     time.Time
}

// From tells whether the operator may come from an address. An IPv4 address within IPv6 counts as the IPv4 address.
func (a Account) From(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	return len(a.Networks) == 0 || slices.ContainsFunc(a.Networks, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// checked returns the account as it may be kept.
func (a Account) checked() (Account, error) {
	a.Name = strings.Join(strings.Fields(a.Name), " ")
	switch {
	case a.Name == "":
		return a, wrong("name", "Please say the operator's name.")
	case len([]rune(a.Name)) > maxName:
		return a, wrong("name", "Please use at most %d characters for the name.", maxName)
	case !a.Role.known():
		return a, wrong("role", "Please choose a role.")
	case len(a.Networks) > maxNetworks:
		return a, wrong("networks", "Please name at most %d networks.", maxNetworks)
	}
	return a, nil
}

// address checks a mail address and returns it in lower case, as it is kept.
func address(email string) (string, error) {
	email, err := mail.Address(email)
	if err != nil {
		return "", &fault.Fault{Kind: fault.Invalid, Format: fault.Of(err).Format, Fields: map[string]error{"email": err}}
	}
	return strings.ToLower(email), nil
}

// wrong is a fault about one field of a form.
func wrong(field, format string, args ...any) error {
	return &fault.Fault{Kind: fault.Invalid, Format: format, Args: args, Fields: map[string]error{field: fault.New(fault.Invalid, format, args...)}}
}

// row is an account as it stands in the file.
type row struct {
	Number    int64          `db:"number"`
	Email     string         `db:"email"`
	Name      string         `db:"name"`
	Role      string         `db:"role"`
	State     string         `db:"state"`
	Networks  types.JSONRaw  `db:"networks"`
	Factor    bool           `db:"factor"`
	LastLogin types.DateTime `db:"last_login"`
	Created   types.DateTime `db:"created"`
}

// all reads the accounts, by number.
func all(db dbx.Builder) ([]Account, error) {
	var rows []row
	err := db.NewQuery(`select number, email, name, role, state, networks, factor <> '' as factor, last_login, created
		from operators order by number`).All(&rows)
	if err != nil {
		return nil, err
	}
	accounts := make([]Account, len(rows))
	for i, r := range rows {
		a := Account{Number: r.Number, Email: r.Email, Name: r.Name, Role: Role(r.Role), Active: r.State == "active",
			Factor: r.Factor, LastLogin: r.LastLogin.Time(), Created: r.Created.Time()}
		// What cannot be read must not open the account to everywhere.
		if len(r.Networks) > 0 {
			if err := json.Unmarshal(r.Networks, &a.Networks); err != nil {
				return nil, err
			}
		}
		accounts[i] = a
	}
	return accounts, nil
}
