package shop

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"rowhouse/data/fault"
	"rowhouse/ui"
)

// Page is a page of the public site: titles and blocks.
type Page struct {
	Slug     string            `json:"-"`
	Titles   map[string]string `json:"titles"`         // by language
	Menu     bool              `json:"menu,omitempty"` // it stands in the navigation, else at the foot
	Sections []Section         `json:"sections"`
}

// Section is one block of a page.
type Section struct {
	ID      int              `json:"id"` // of the page, never given again
	Kind    string           `json:"kind"`
	Hidden  bool             `json:"hidden,omitempty"`
	Soft    bool             `json:"soft,omitempty"`    // on a tinted ground
	Words   map[string]Words `json:"words"`             // by language
	Links   []string         `json:"links,omitempty"`   // where its buttons lead
	Picture string           `json:"picture,omitempty"` // product, the hash of one that was uploaded, or empty
}

// Words are what a block says in one language.
type Words struct {
	Over    string `json:"over,omitempty"`
	Title   string `json:"title,omitempty"`
	Text    string `json:"text,omitempty"`
	Items   string `json:"items,omitempty"` // titles and words, with an empty line between
	Button  string `json:"button,omitempty"`
	Button2 string `json:"button2,omitempty"`
	Alt     string `json:"alt,omitempty"` // says the picture to those who do not see it
}

// Field returns the text of a name, or nil.
func (w *Words) Field(name string) *string {
	return map[string]*string{"over": &w.Over, "title": &w.Title, "text": &w.Text, "items": &w.Items, "button": &w.Button, "button2": &w.Button2, "alt": &w.Alt}[name]
}

const (
	maxWords    = 20000 // the most characters of one text of a block
	maxSections = 60
)

var pictureHash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// check says what is wrong with which field of a block: words_LANGUAGE_NAME, link1, link2, picture.
func (b Section) check() error {
	kind, err := KindOf(b.Kind)
	if err != nil {
		return err
	}
	p := ui.Problems{}
	for language, words := range b.Words {
		for _, f := range kind.Fields {
			checkWords(p, "words_"+language+"_"+f.Name, *words.Field(f.Name), f.Lines > 1)
		}
	}
	for n, link := range b.Links {
		if link != "" && !SafeLink(link) {
			p.Add(fmt.Sprintf("link%d", n+1), "Please enter a path of this site like /prices, or an address that begins with https:, http: or mailto:.")
		}
	}
	if b.Picture != "" && b.Picture != ProductPicture && !pictureHash.MatchString(b.Picture) {
		p.Add("picture", "There is no such picture.")
	}
	return p.Err()
}

// checkWords refuses what could not be shown as it was meant.
func checkWords(p ui.Problems, field, words string, lines bool) {
	most := maxWords
	if !lines {
		most = 200
	}
	switch {
	case len([]rune(words)) > most:
		p.Add(field, "Please use at most %d characters.", most)
	case !lines && strings.ContainsAny(words, "\r\n"):
		p.Add(field, "Please use one line.")
	case strings.ContainsFunc(words, func(r rune) bool { return r != '\n' && r != '\t' && unprintable(r) }):
		p.Add(field, "This holds signs that cannot be seen or that turn the direction of writing. Please type it anew.")
	}
}

// SafeLink tells whether an address of the host's may be followed from a page: a path of this site, a web page or a mail address.
func SafeLink(address string) bool {
	if ui.LocalPath(address, "") != "" {
		return !strings.ContainsFunc(address, unprintable)
	}
	if strings.HasPrefix(address, "#") {
		return ui.Safe(address) && len(address) < 100
	}
	u, err := url.Parse(address)
	if err != nil || len(address) > 1000 || strings.ContainsFunc(address, unprintable) {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != ""
	case "mailto":
		return strings.Contains(u.Opaque, "@")
	}
	return false
}

// find returns the block of a number.
func (p *Page) find(id int) (int, error) {
	n := slices.IndexFunc(p.Sections, func(b Section) bool { return b.ID == id })
	if n < 0 {
		return 0, fault.New(fault.Missing, "This block is not on the page any more.")
	}
	return n, nil
}

// Section returns the block of a number. The error is a fault.Missing.
func (p *Page) Section(id int) (Section, error) {
	n, err := p.find(id)
	if err != nil {
		return Section{}, err
	}
	return p.Sections[n], nil
}

// Add puts an empty block of a kind at the end of the page and returns its number.
func (p *Page) Add(kind string) (int, error) {
	if _, err := KindOf(kind); err != nil {
		return 0, err
	}
	id := 1
	for _, b := range p.Sections {
		id = max(id, b.ID+1)
	}
	b := Section{ID: id, Kind: kind, Words: map[string]Words{}}
	if kind == "hero" || kind == "call" {
		b.Links = []string{"/register", "/prices"}
	}
	p.Sections = append(p.Sections, b)
	return id, nil
}

// CheckLine refuses what is no line of at most so many characters.
func CheckLine(words string, most int) error {
	p := ui.Problems{}
	if checkWords(p, "line", words, false); p["line"] == nil && len([]rune(words)) > most {
		p.Add("line", "Please use at most %d characters.", most)
	}
	return p["line"]
}

// IsOwn tells whether a page is one of the host's own, which every site has not.
func IsOwn(slug string) bool { return !slices.Contains(builtInSlugs, slug) }

// CheckText refuses a text of several lines that has too many characters, or signs that play with a page.
func CheckText(words string, most int) error {
	p := ui.Problems{}
	if checkWords(p, "text", words, true); p["text"] == nil && len([]rune(words)) > most {
		p.Add("text", "Please use at most %d characters.", most)
	}
	return p["text"]
}
