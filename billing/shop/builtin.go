package shop

import "strings"

// Home is the slug of the landing page.
const Home = "home"

// builtIn returns a page of the product as it is without the host's editing: the built-in texts, and those that the host has put in their place.
func (t Texts) builtIn(slug string) (Page, bool) {
	switch slug {
	case Home:
		return t.home(), true
	case "terms":
		return legal(slug, "Terms", t.Terms), true
	case "privacy":
		return legal(slug, "Privacy", t.Privacy), true
	case "imprint":
		return legal(slug, "Imprint", t.Imprint), true
	}
	return Page{}, false
}

// builtInSlugs are the pages that every site has, in the order of the panel.
var builtInSlugs = []string{Home, "terms", "privacy", "imprint"}

func legal(slug, title, text string) Page {
	return Page{Slug: slug, Titles: map[string]string{"en": title}, Sections: []Section{{ID: 1, Kind: "text", Words: english(Words{Text: text})}}}
}

// english are words that were written once: in other languages the catalogue says them, as far as it knows them.
func english(w Words) map[string]Words { return map[string]Words{"en": w} }

// home is the landing page.
func (t Texts) home() Page {
	p := Page{Slug: Home, Titles: map[string]string{"en": "The CRM for small teams"}, Sections: []Section{
		{Kind: "hero", Picture: ProductPicture, Links: []string{"/register", "/prices"}, Words: english(Words{Over: t.Kicker, Title: t.Headline, Text: t.Subline, Button: "Start free", Button2: "See prices",
			Alt: "A board of leads: columns for each stage, cards with the amount, the next step and its day"})},
		{Kind: "features", Words: english(Words{Over: "What it does", Title: "Everything about a customer, where everybody finds it",
			Text: "From the first message to the tenth order: who they are, what was said, what comes next.", Items: written(t.Features)})},
		{Kind: "steps", Soft: true, Words: english(Words{Over: "How it begins", Title: "Three steps to your first lead", Items: written([]Block{
			{"", "Say who you are", "Your company, your name and the address that your CRM shall have."},
			{"", "Prove your e-mail address", "Type the six digits that we send you. That is all that is checked."},
			{"", "Open the door", "Your CRM is set up while you watch. Sign in and type your first lead, or import a list."}})})},
		{Kind: "benefits", Words: english(Words{Over: "What you can rely on", Title: "Separate doors, separate walls",
			Text: "Every company here has a CRM of its own. What they share is the roof.", Items: written(t.Benefits)})},
		{Kind: "figures", Words: english(Words{Items: written(t.Facts)})},
		{Kind: "prices", Soft: true, Words: english(Words{Title: "Prices", Text: "What a plan includes stands on its card. Nothing is added later."})},
		{Kind: "questions", Words: english(Words{Title: "Questions", Items: written(t.FAQ)})},
		{Kind: "call", Links: []string{"/register", "/prices"}, Words: english(Words{Title: t.Closing.Title, Text: t.Closing.Text, Button: "Start free", Button2: "See prices"})},
	}}
	for n := range p.Sections {
		p.Sections[n].ID = n + 1
	}
	return p
}

// written is what blocks reads as the same titles and words.
func written(list []Block) string {
	var parts []string
	for _, b := range list {
		head := b.Title
		if b.Icon != "" {
			head = b.Icon + ": " + b.Title
		}
		parts = append(parts, strings.TrimSpace(head+"\n"+b.Text))
	}
	return strings.Join(parts, "\n\n")
}
