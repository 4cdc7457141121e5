package entity

import (
	"encoding/json"
	"slices"
	"strings"

	"rowhouse/data/fault"
	"rowhouse/ui"
)

// Multi is several of a few words. The value is a []string of keys.
type Multi struct{ Of []Option }

// Word names the kind.
func (Multi) Word() string { return "multi" }

// Columns is one column of JSON.
func (Multi) Columns() []Column { return []Column{{"", "text not null default '[]'"}} }

// Store keeps the keys as JSON.
func (Multi) Store(v any) []any {
	keys, _ := v.([]string)
	b, err := json.Marshal(keys)
	if err != nil || keys == nil {
		return []any{"[]"}
	}
	return []any{string(b)}
}

// Scan reads the keys.
func (Multi) Scan(kept []any) any {
	var keys []string
	if s := text(kept[0]); s != "" && s != "[]" && json.Unmarshal([]byte(s), &keys) == nil {
		return keys
	}
	return []string(nil)
}

// Parse takes keys or labels.
func (k Multi) Parse(in []string, env *Env) (any, error) {
	var keys []string
	for _, cell := range in {
		for _, s := range strings.Split(cell, ",") {
			if s = strings.TrimSpace(s); s == "" {
				continue
			}
			o, ok := Select{Of: k.Of}.find(s, env)
			if !ok {
				return nil, fault.New(fault.Invalid, "Please choose one of the list.")
			}
			if !slices.Contains(keys, o.Key) {
				keys = append(keys, o.Key)
			}
		}
	}
	return keys, nil
}

// In shows the keys.
func (Multi) In(v any, _ *Draw) []string { keys, _ := v.([]string); return keys }

// Text says the labels.
func (k Multi) Text(v any, d *Draw) string {
	var labels []string
	for _, key := range k.In(v, d) {
		labels = append(labels, Select{Of: k.Of}.Text(key, d))
	}
	return strings.Join(labels, ", ")
}

// Cell draws the labels.
func (k Multi) Cell(h *ui.HTML, v any, d *Draw) {
	for _, key := range k.In(v, d) {
		Select{Of: k.Of}.Cell(h, key, d)
	}
}

// Input is a box for each word.
func (k Multi) Input(h *ui.HTML, f Field, in []string, d *Draw) {
	h.Tag(`<span class="inline" id="f-`).Text(f.Name).Tag(`"><input type="hidden" name="`).Text(f.Name).Tag(`[]" value="">`)
	for _, o := range withOld(k.Of, in) {
		h.Tag(`<label class="check"><input type="checkbox" name="`).Text(f.Name).Tag(`[]" value="`).Text(o.Key).Tag(`"`)
		if slices.Contains(in, o.Key) {
			h.Tag(` checked`)
		}
		h.Tag(`><span>`).Text(d.T(o.Label)).Tag(`</span></label>`)
	}
	h.Tag(`</span>`)
}

// Class says that there may be many.
func (Multi) Class() Class { return Many }
