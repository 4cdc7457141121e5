package ui

import "html/template"

// The navigation stands on every page three times: at the side, in the palette, in the list of keys. It is drawn by code,
// as a template would spend more on it than on the rest of the frame.

// Nav draws the navigation at the side.
func (f Frame) Nav() template.HTML {
	var h HTML
	h.Grow(4096)
	for _, g := range f.Menu {
		if g.Label != "" {
			h.Tag(`<h2>`).Text(g.Label).Tag(`</h2>`)
		}
		for _, item := range g.Items {
			h.Tag(`<a href="`).Text(item.URL).Tag(`"`)
			if item.Current {
				h.Tag(` aria-current="page"`)
			}
			if item.Key != "" {
				h.Tag(` data-go="`).Text(item.Key).Tag(`"`)
			}
			h.Tag(`>`).Icon(item.Icon).Text(item.Label)
			if item.Count > 0 {
				h.Tag(`<b class="num">`).Text(f.Number(item.Count)).Tag(`</b>`)
			}
			h.Tag(`</a>`)
		}
	}
	return h.String()
}

// GoTo draws what the palette offers before anything is typed.
func (f Frame) GoTo() template.HTML {
	var h HTML
	for _, g := range f.Menu {
		for _, item := range g.Items {
			h.Tag(`<li role="none"><a role="option" aria-selected="false" href="`).Text(item.URL).Tag(`" tabindex="-1" data-turbo-frame="_top">`).Icon(item.Icon).
				Tag(`<span>`).Text(item.Label).Tag(`</span></a></li>`)
		}
	}
	return h.String()
}

// GoKeys draws the keys that lead to the parts of the navigation.
func (f Frame) GoKeys() template.HTML {
	var h HTML
	for _, g := range f.Menu {
		for _, item := range g.Items {
			if item.Key != "" {
				h.Tag(`<div><dt>`).Text(item.Label).Tag(`</dt><dd><kbd>G</kbd><kbd>`).Text(item.Key).Tag(`</kbd></dd></div>`)
			}
		}
	}
	return h.String()
}

// Shortcuts draws the bar at the bottom of a phone.
func (f Frame) Shortcuts() template.HTML {
	var h HTML
	for _, item := range f.Tabs {
		h.Tag(`<a href="`).Text(item.URL).Tag(`"`)
		if item.Current {
			h.Tag(` aria-current="page"`)
		}
		h.Tag(`>`).Icon(item.Icon).Text(item.Label).Tag(`</a>`)
	}
	return h.String()
}
