package custom

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"

	"rowhouse/data/fault"
)

// maxDepth is how deep objects and lists may stand in one another: filters are the deepest that is needed.
const maxDepth = 16

// maxLength is how many things any list may have. What is longer is not even read: each kind of list has a lower limit of its own.
const maxLength = 1000

// keysOf are the keys that an object may have, by its place without numbers. A star is any name.
func keysOf(shape string) []string {
	switch shape {
	case "":
		return []string{"rowhouse_module", "name", "version", "label", "about", "entities", "choices"}
	case "entities[]":
		return []string{"name", "one", "many", "path", "icon", "group", "fields", "title", "subtitle", "list", "sort", "board", "due", "contacted", "owners", "via", "public", "twins",
			"tiles", "children", "views", "rights", "templates"}
	case "entities[].fields[]":
		return []string{"name", "label", "kind", "hint", "section", "required", "hidden", "default", "options", "list", "to"}
	case "entities[].fields[].options[]":
		return []string{"key", "label", "colour"}
	case "entities[].board":
		return []string{"by", "sum", "reason"}
	case "entities[].tiles[]":
		return []string{"label", "filter"}
	case "entities[].children[]":
		return []string{"entity", "by"}
	case "entities[].views[]":
		return []string{"name", "query"}
	case "entities[].rights":
		return []string{"manager", "member"}
	case "entities[].rights.manager", "entities[].rights.member":
		return []string{"view", "edit", "delete", "create", "export", "import"}
	case "entities[].templates[]":
		return []string{"name", "values"}
	case "choices.*[]":
		return []string{"label", "colour", "kind", "default"}
	}
	return nil // any: names of lists, values of templates, filters
}

// level is an object or a list that is being read.
type level struct {
	place, shape string
	list         bool
	n            int             // of a list: how many came
	key          string          // of an object: whose value comes next; empty: a key
	seen         map[string]bool // of an object
}

// mark is where something ends in the text, and its place in the description.
type mark struct {
	end   int64
	place string
}

// walk goes once over the text: how deep it is, keys that are not known, keys that come twice.
type walk struct {
	refused *Refused
	levels  []level
	marks   []mark
}

func (w *walk) all(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	for {
		token, err := d.Token()
		if err == io.EOF && len(w.levels) == 0 && len(w.marks) > 0 {
			return nil
		}
		if err != nil {
			line := 1 + bytes.Count(text[:min(int(d.InputOffset()), len(text))], []byte("\n"))
			return refuse("", fault.New(fault.Invalid, "This is no JSON: line %d: %s", line, strings.TrimPrefix(err.Error(), "json: ")))
		}
		if len(w.levels) == 0 && (len(w.marks) > 0 || token != json.Delim('{')) {
			return refuse("", fault.New(fault.Invalid, "A description is one JSON object."))
		}
		if top := len(w.levels) - 1; top >= 0 && w.levels[top].n > maxLength {
			return refuse(w.levels[top].place, fault.New(fault.Invalid, "A list may have at most %d things, and this one has more.", maxLength))
		}
		if !w.take(token, d.InputOffset()) {
			return refuse(w.levels[len(w.levels)-1].place, fault.New(fault.Invalid, "Objects and lists may stand at most %d deep in one another.", maxDepth))
		}
	}
}

// take goes on by one token. It is false where the text is too deep.
func (w *walk) take(token json.Token, end int64) bool {
	if token == json.Delim('}') || token == json.Delim(']') {
		w.levels = w.levels[:len(w.levels)-1]
		return true
	}
	place, shape := "", ""
	if len(w.levels) > 0 {
		top := &w.levels[len(w.levels)-1]
		switch {
		case top.list:
			place, shape = top.place+"["+strconv.Itoa(top.n)+"]", top.shape+"[]"
			top.n++
		case top.key == "":
			w.key(top, token.(string))
			return true
		default:
			place, shape, top.key = join(top.place, top.key), below(top.shape, top.key), ""
		}
	}
	w.marks = append(w.marks, mark{end, place})
	if token == json.Delim('{') || token == json.Delim('[') {
		if len(w.levels) == maxDepth {
			return false
		}
		w.levels = append(w.levels, level{place: place, shape: shape, list: token == json.Delim('['), seen: map[string]bool{}})
	}
	return true
}

// key takes the name of a value.
func (w *walk) key(top *level, name string) {
	known := keysOf(top.shape)
	switch {
	case top.seen[name]:
		w.refused.Add(join(top.place, short(name)), "This key comes twice.")
	case known != nil && !slices.Contains(known, name):
		w.refused.Add(join(top.place, short(name)), "This key is not known. Known here are: %s.", strings.Join(known, ", "))
	}
	top.seen[name], top.key = true, name
	if name == "" {
		top.key = "?"
	}
}

// placeAt is the place of what stands at an offset of the text.
func (w *walk) placeAt(offset int64) string {
	for _, m := range w.marks {
		if m.end >= offset {
			return m.place
		}
	}
	return ""
}

func join(place, key string) string {
	if place == "" {
		return key
	}
	return place + "." + key
}

// below is the shape of a value: names that a person chooses are a star.
func below(shape, key string) string {
	if shape == "choices" {
		key = "*"
	}
	return join(shape, key)
}

// short is a text that somebody sent, short enough to be said again.
func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
