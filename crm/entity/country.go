package entity

import (
	"strings"

	"rowhouse/data/fault"
	"rowhouse/ui"
)

// Country is one of the countries of ISO 3166, kept by its two letters.
type Country struct{ plainText }

// Word names the kind.
func (Country) Word() string { return "country" }

// Parse takes the two letters or the English name.
func (Country) Parse(in []string, env *Env) (any, error) {
	s, err := one(in)
	if err != nil || strings.TrimSpace(s) == "" {
		return "", err
	}
	s = strings.TrimSpace(s)
	for _, c := range Countries {
		if strings.EqualFold(c[0], s) || env.says(s, c[1]) {
			return c[0], nil
		}
	}
	return nil, fault.New(fault.Invalid, "Please choose a country of the list.")
}

// Text says the name.
func (Country) Text(v any, d *Draw) string {
	for _, c := range Countries {
		if c[0] == text(v) {
			return d.T(c[1])
		}
	}
	return text(v)
}

// Cell draws the name.
func (k Country) Cell(h *ui.HTML, v any, d *Draw) { h.Text(k.Text(v, d)) }

// Input is the list of countries.
func (Country) Input(h *ui.HTML, f Field, in []string, d *Draw) {
	begin(h, f)
	option(h, "", "–", first(in) == "")
	for _, c := range Countries {
		option(h, c[0], d.T(c[1]), c[0] == first(in))
	}
	h.Tag(`</select>`)
}

// Class says that it is chosen.
func (Country) Class() Class { return Chosen }

// Countries are the countries that can be chosen: two letters and the English name.
var Countries = [][2]string{{"AE", "United Arab Emirates"}, {"AR", "Argentina"}, {"AT", "Austria"}, {"AU", "Australia"}, {"BA", "Bosnia and Herzegovina"},
	{"BD", "Bangladesh"}, {"BE", "Belgium"}, {"BG", "Bulgaria"}, {"BH", "Bahrain"}, {"BR", "Brazil"}, {"CA", "Canada"}, {"CH", "Switzerland"},
	{"CL", "Chile"}, {"CN", "China"}, {"CO", "Colombia"}, {"CR", "Costa Rica"}, {"CY", "Cyprus"}, {"CZ", "Czechia"}, {"DE", "Germany"},
	{"DK", "Denmark"}, {"DZ", "Algeria"}, {"EC", "Ecuador"}, {"EE", "Estonia"}, {"EG", "Egypt"}, {"ES", "Spain"}, {"ET", "Ethiopia"},
	{"FI", "Finland"}, {"FR", "France"}, {"GB", "United Kingdom"}, {"GE", "Georgia"}, {"GH", "Ghana"}, {"GR", "Greece"}, {"HK", "Hong Kong"},
	{"HR", "Croatia"}, {"HU", "Hungary"}, {"ID", "Indonesia"}, {"IE", "Ireland"}, {"IL", "Israel"}, {"IN", "India"}, {"IQ", "Iraq"},
	{"IS", "Iceland"}, {"IT", "Italy"}, {"JO", "Jordan"}, {"JP", "Japan"}, {"KE", "Kenya"}, {"KR", "South Korea"}, {"KW", "Kuwait"},
	{"KZ", "Kazakhstan"}, {"LB", "Lebanon"}, {"LI", "Liechtenstein"}, {"LK", "Sri Lanka"}, {"LT", "Lithuania"}, {"LU", "Luxembourg"},
	{"LV", "Latvia"}, {"MA", "Morocco"}, {"MD", "Moldova"}, {"ME", "Montenegro"}, {"MK", "North Macedonia"}, {"MT", "Malta"}, {"MX", "Mexico"},
	{"MY", "Malaysia"}, {"NG", "Nigeria"}, {"NL", "Netherlands"}, {"NO", "Norway"}, {"NP", "Nepal"}, {"NZ", "New Zealand"}, {"OM", "Oman"},
	{"PA", "Panama"}, {"PE", "Peru"}, {"PH", "Philippines"}, {"PK", "Pakistan"}, {"PL", "Poland"}, {"PT", "Portugal"}, {"PY", "Paraguay"},
	{"QA", "Qatar"}, {"RO", "Romania"}, {"RS", "Serbia"}, {"SA", "Saudi Arabia"}, {"SE", "Sweden"}, {"SG", "Singapore"}, {"SI", "Slovenia"},
	{"SK", "Slovakia"}, {"TH", "Thailand"}, {"TN", "Tunisia"}, {"TR", "Türkiye"}, {"TW", "Taiwan"}, {"TZ", "Tanzania"}, {"UA", "Ukraine"},
	{"UG", "Uganda"}, {"US", "United States"}, {"UY", "Uruguay"}, {"UZ", "Uzbekistan"}, {"VE", "Venezuela"}, {"VN", "Vietnam"}, {"ZA", "South Africa"}}

// CountryPairs are the countries' letters and names in the reader's language.
func CountryPairs(d *Draw) [][2]string {
	var pairs [][2]string
	for _, c := range Countries {
		pairs = append(pairs, [2]string{c[0], d.T(c[1])})
	}
	return pairs
}
