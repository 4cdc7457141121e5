package ui

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed words/*.json
var catalogue embed.FS

// Words says things in one language. The key of a message is its English sentence.
type Words struct {
	Tag    string // de
	local  *i18n.Localizer
	pseudo bool
	said   sync.Map // key to sentence: the catalogue is asked once
}

// Language is one that the product speaks.
type Language struct{ Tag, Name string }

// Languages lists what the product speaks, English first. A language is added when its catalogue is whole.
var Languages = []Language{{"en", "English"}, {"de", "Deutsch"}}

var (
	bundle = readCatalogue()
	// English is the language that the messages are written in.
	English = &Words{Tag: "en", local: i18n.NewLocalizer(bundle, "en")}
	// Pseudo marks every word that went through the catalogue, so that a test sees those that did not.
	Pseudo = &Words{Tag: "en", local: English.local, pseudo: true}
	spoken = speak()
)

func readCatalogue() *i18n.Bundle {
	b := i18n.NewBundle(language.English)
	b.RegisterUnmarshalFunc("json", json.Unmarshal)
	files, err := catalogue.ReadDir("words")
	if err != nil {
		panic(err)
	}
	for _, f := range files {
		if _, err := b.LoadMessageFileFS(catalogue, "words/"+f.Name()); err != nil {
			panic(fmt.Sprintf("words/%s: %v", f.Name(), err))
		}
	}
	return b
}

func speak() map[string]*Words {
	all := map[string]*Words{"en": English, "en-XA": Pseudo}
	for _, l := range Languages[1:] {
		all[l.Tag] = &Words{Tag: l.Tag, local: i18n.NewLocalizer(bundle, l.Tag)}
	}
	return all
}

// WordsFor returns the words of a language, or English.
func WordsFor(tag string) *Words {
	if w := spoken[tag]; w != nil {
		return w
	}
	return English
}

// WordsOf returns the words of the language that the browser prefers.
func WordsOf(r *http.Request) *Words {
	wanted, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return English
	}
	for _, tag := range wanted {
		base, _ := tag.Base()
		if w := spoken[base.String()]; w != nil {
			return w
		}
	}
	return English
}

// T says the English sentence key in this language, with args in the places of its verbs.
func (w *Words) T(key string, args ...any) string {
	sentence := w.sentence(key)
	if len(args) > 0 {
		sentence = fmt.Sprintf(sentence, args...)
	}
	if w.pseudo && key != "" {
		return "⟦" + sentence + "⟧"
	}
	return sentence
}

// N says one or many, as n demands: N("%d lead", "%d leads", 3).
func (w *Words) N(one, many string, n int) string {
	sentence, err := w.local.Localize(&i18n.LocalizeConfig{
		DefaultMessage: &i18n.Message{ID: many, One: one, Other: many}, PluralCount: n})
	if err != nil {
		sentence = many
	}
	if strings.Contains(sentence, "%d") {
		sentence = fmt.Sprintf(sentence, n)
	}
	if w.pseudo {
		return "⟦" + sentence + "⟧"
	}
	return sentence
}

func (w *Words) sentence(key string) string {
	if s, ok := w.said.Load(key); ok {
		return s.(string)
	}
	s, err := w.local.Localize(&i18n.LocalizeConfig{MessageID: key})
	if err != nil || s == "" {
		s = key
	}
	if len(key) < 200 { // only our own sentences are that short and that few; what people type is not kept
		w.said.Store(key, s)
	}
	return s
}

// Noun is a label in the middle of a sentence: English writes it small there.
func (w *Words) Noun(label string) string {
	if w.Tag == "en" {
		return strings.ToLower(label)
	}
	return label
}

// Dir is the direction of writing.
func (w *Words) Dir() string {
	switch w.Tag {
	case "ar", "he", "fa", "ur":
		return "rtl"
	}
	return "ltr"
}
