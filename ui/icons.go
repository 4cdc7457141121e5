package ui

import (
	"regexp"
	"sync"
)

var inSprite = regexp.MustCompile(`<symbol id="i-([a-z0-9-]+)"`)

var icons = sync.OnceValue(func() []string {
	b, err := static.ReadFile("static/vendor/icons.svg")
	if err != nil {
		panic(err) // the files are in the binary
	}
	var names []string
	for _, m := range inSprite.FindAllSubmatch(b, -1) {
		names = append(names, string(m[1]))
	}
	return names
})

// Icons are the names of all icons of the sprite. The caller may only read the list.
func Icons() []string { return icons() }
