package pdf

import (
	"slices"

	"github.com/go-text/typesetting/font"
)

// subset returns a TrueType file with only the used glyphs of the face. They
// keep their numbers, and those between them are empty. What a PDF reader has
// no use for is left out: layout tables, names, hints.
func (f *face) subset() []byte {
	used := f.withParts()
	count := int(used[len(used)-1]) + 1
	glyf, loca := f.outlines(used, count)
	head := slices.Clone(f.tabs["head"])
	be.PutUint16(head[50:], 1) // long offsets in loca
	hhea := slices.Clone(f.tabs["hhea"])
	be.PutUint16(hhea[34:], uint16(count))
	maxp := slices.Clone(f.tabs["maxp"])
	be.PutUint16(maxp[4:], uint16(count))
	return assemble(map[string][]byte{
		"head": head, "hhea": hhea, "maxp": maxp,
		"glyf": glyf, "loca": loca, "hmtx": f.metrics(used, count),
	})
}

// withParts returns the used glyphs and all that they are composed of, sorted.
// Glyph 0, the box for what is missing, is always among them.
func (f *face) withParts() []font.GID {
	all := map[font.GID]bool{0: true}
	todo := []font.GID{0}
	for g := range f.used {
		all[g] = true
		todo = append(todo, g)
	}
	for len(todo) > 0 {
		g := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, part := range parts(f.outline(g)) {
			if id := font.GID(be.Uint16(part[2:])); !all[id] {
				all[id] = true
				todo = append(todo, id)
			}
		}
	}
	out := make([]font.GID, 0, len(all))
	for g := range all {
		out = append(out, g)
	}
	slices.Sort(out)
	return out
}

// outline returns the bytes of a glyph, nil for one that draws nothing.
func (f *face) outline(g font.GID) []byte {
	loca, at := f.tabs["loca"], int(g)
	var from, to uint32
	if be.Uint16(f.tabs["head"][50:]) == 0 {
		if 2*at+4 > len(loca) {
			return nil
		}
		from, to = 2*uint32(be.Uint16(loca[2*at:])), 2*uint32(be.Uint16(loca[2*at+2:]))
	} else {
		if 4*at+8 > len(loca) {
			return nil
		}
		from, to = be.Uint32(loca[4*at:]), be.Uint32(loca[4*at+4:])
	}
	if from >= to || int(to) > len(f.tabs["glyf"]) || to-from < 10 {
		return nil
	}
	return f.tabs["glyf"][from:to]
}

// outlines returns the glyf and loca tables with only the used glyphs.
func (f *face) outlines(used []font.GID, count int) (glyf, loca []byte) {
	next := 0
	for g := range count {
		loca = be.AppendUint32(loca, uint32(len(glyf)))
		if next < len(used) && int(used[next]) == g {
			next++
			glyf = append(glyf, unhinted(f.outline(font.GID(g)))...)
			for len(glyf)%4 != 0 {
				glyf = append(glyf, 0)
			}
		}
	}
	return glyf, be.AppendUint32(loca, uint32(len(glyf)))
}

// metrics returns the hmtx table with only the used glyphs.
func (f *face) metrics(used []font.GID, count int) []byte {
	out := make([]byte, 4*count)
	hmtx, long := f.tabs["hmtx"], int(be.Uint16(f.tabs["hhea"][34:]))
	for _, g := range used {
		wide := min(int(g), long-1)
		bearing := 4*int(g) + 2
		if int(g) >= long {
			bearing = 4*long + 2*(int(g)-long)
		}
		if bearing+2 <= len(hmtx) {
			copy(out[4*g:], hmtx[4*wide:4*wide+2])
			copy(out[4*g+2:], hmtx[bearing:bearing+2])
		}
	}
	return out
}

// The flags of a part of a composite glyph that say how long it is.
const (
	partWords  = 1 << 0
	partScale  = 1 << 3
	partMore   = 1 << 5
	partScales = 1 << 6
	partMatrix = 1 << 7
	partHints  = 1 << 8
)

// parts returns the parts of a composite glyph, each from its flags on.
func parts(glyph []byte) (out [][]byte) {
	if len(glyph) < 10 || int16(be.Uint16(glyph)) >= 0 {
		return nil
	}
	for at := 10; at+4 <= len(glyph); {
		flags, size := be.Uint16(glyph[at:]), 6
		if flags&partWords != 0 {
			size += 2
		}
		switch {
		case flags&partScale != 0:
			size += 2
		case flags&partScales != 0:
			size += 4
		case flags&partMatrix != 0:
			size += 8
		}
		if at+size > len(glyph) {
			break
		}
		out = append(out, glyph[at:at+size])
		if flags&partMore == 0 {
			break
		}
		at += size
	}
	return out
}

// unhinted returns a glyph without its instructions, which call functions that
// are not in the subset.
func unhinted(glyph []byte) []byte {
	if composite := parts(glyph); composite != nil {
		out := slices.Clone(glyph[:10])
		for _, part := range composite {
			out = be.AppendUint16(out, be.Uint16(part)&^partHints)
			out = append(out, part[2:]...)
		}
		return out
	}
	if len(glyph) < 10 {
		return nil
	}
	at := 10 + 2*int(be.Uint16(glyph))
	if at+2 > len(glyph) {
		return glyph
	}
	hints := int(be.Uint16(glyph[at:]))
	if at+2+hints > len(glyph) {
		return glyph
	}
	out := append(slices.Clone(glyph[:at]), 0, 0)
	return append(out, glyph[at+2+hints:]...)
}
