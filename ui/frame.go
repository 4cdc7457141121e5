package ui

import "net/http"

// Frame is what the layout of a page needs; every page's data embeds it.
type Frame struct {
	*Look
	Title   string
	Crumbs  []Item  // the way to this page, without the page itself
	Menu    []Group // the navigation
	Tabs    []Item  // the bar at the bottom of a phone
	Person  *Person // who is signed in
	Meter   *Meter  // how much of the plan is used
	Notices []Notice
	Toast   *Toast
	Topics  string // what the page must be drawn anew for, separated by blanks
	Search  string // where the palette asks, or empty: no palette
	Unread  int
	Wide    bool // for Auth: two columns
}

// NewFrame begins a page.
func NewFrame(r *http.Request, title string) Frame { return Frame{Look: LookOf(r), Title: title} }

// Group is a part of the navigation.
type Group struct {
	Label string
	Items []Item
}

// Item is one link of the navigation.
type Item struct {
	Label, URL, Icon string
	Key              string // g and this letter lead there
	Count            int64
	Current          bool
}

// Person is who is signed in, as the frame shows them.
type Person struct {
	Name, URL, SignOut string
	Items              []Item
}

// Meter is how much of the plan is used.
type Meter struct {
	Plan, Note, Text string
	Used, Of         int64
}

// Notice is a message at the top of a page. Kind is warn, bad, good or empty.
type Notice struct {
	Kind, Text string
	Link       Item
	Marked     bool   // Text may hold **bold** and [words](address)
	Key        string // names it for whoever may put it away, or empty
	Close      string // where to post to put it away, or empty
}

// Toast says what has just happened, and how to take it back.
type Toast struct {
	Text string
	Undo string // where to post to undo it
}

const toastCookie = "toast"
