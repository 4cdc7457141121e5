package stripe

import (
	"slices"
	"strings"
)

// locale is the page's language for a BCP 47 tag: the nearest that Checkout speaks, or what the browser asks for.
func locale(tag string) string {
	spoken := []string{"bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr", "fr-CA", "hr", "hu", "id",
		"it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi",
		"zh", "zh-HK", "zh-TW"}
	base, _, _ := strings.Cut(tag, "-")
	for _, t := range []string{tag, base} {
		if i := slices.IndexFunc(spoken, func(s string) bool { return strings.EqualFold(s, t) }); i >= 0 {
			return spoken[i]
		}
	}
	if base == "no" {
		return "nb"
	}
	return "auto"
}
