package shop

import "rowhouse/data/fault"

// SectionKind is a kind of block that a page can have.
type SectionKind struct {
	Name, Label, Icon string
	Fields            []SectionField
	Buttons           int
	Picture           bool // it can show one
}

// SectionField is a text of a kind of block. Lines over one is a large field.
type SectionField struct {
	Name, Label, Hint string
	Lines             int
}

// ProductPicture is the built-in picture of the product.
const ProductPicture = "product"

var (
	overField  = SectionField{Name: "over", Label: "Line above"}
	titleField = SectionField{Name: "title", Label: "Headline"}
	sublines   = SectionField{Name: "text", Label: "Line below the headline", Lines: 2}
	oneButton  = SectionField{Name: "button", Label: "Button"}
	altField   = SectionField{Name: "alt", Label: "What the picture shows", Hint: "For those who do not see it."}
	itemsField = SectionField{Name: "items", Label: "Items", Lines: 10,
		Hint: "One after the other with an empty line between. The first line of each is its title; an icon may stand before it, as in “lock: Safe”."}
)

// SectionKinds are all kinds of blocks, in the order in which they are offered.
var SectionKinds = []SectionKind{
	{Name: "hero", Label: "Opening", Icon: "sparkles", Buttons: 2, Picture: true, Fields: []SectionField{overField, titleField, sublines, oneButton, {Name: "button2", Label: "Second button"}, altField}},
	{Name: "features", Label: "Features", Icon: "square-check-big", Fields: []SectionField{overField, titleField, sublines, itemsField}},
	{Name: "steps", Label: "Steps", Icon: "list", Fields: []SectionField{overField, titleField, sublines, itemsField}},
	{Name: "benefits", Label: "Benefits", Icon: "heart-handshake", Fields: []SectionField{overField, titleField, sublines, itemsField}},
	{Name: "figures", Label: "Figures", Icon: "hash", Fields: []SectionField{{Name: "items", Label: "Items", Lines: 6, Hint: "A number or a word, and on the next line what it counts. An empty line between."}}},
	{Name: "text", Label: "Text", Icon: "type", Fields: []SectionField{titleField, {Name: "text", Label: "Text", Lines: 16,
		Hint: "An empty line begins a paragraph. “# ” begins a heading, “- ” each point of a list. **bold** and [words](/address) work too."}}},
	{Name: "picture", Label: "Picture", Icon: "eye", Picture: true, Fields: []SectionField{titleField, sublines, altField}},
	{Name: "prices", Label: "Prices", Icon: "tag", Fields: []SectionField{titleField, sublines}},
	{Name: "questions", Label: "Questions and answers", Icon: "circle-help", Fields: []SectionField{titleField, {Name: "items", Label: "Questions", Lines: 12,
		Hint: "One after the other with an empty line between. The first line of each is the question."}}},
	{Name: "call", Label: "Call to action", Icon: "rocket", Buttons: 2, Fields: []SectionField{titleField, sublines, oneButton, {Name: "button2", Label: "Button where nobody can register for nothing"}}},
}

// KindOf returns the kind of block of a name. The error is a fault.Missing.
func KindOf(name string) (SectionKind, error) {
	for _, k := range SectionKinds {
		if k.Name == name {
			return k, nil
		}
	}
	return SectionKind{}, fault.New(fault.Missing, "There is no such kind of block.")
}
