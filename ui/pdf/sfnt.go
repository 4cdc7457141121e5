package pdf

import (
	"encoding/binary"
	"errors"
	"slices"
)

var (
	errFont = errors.New("not a TrueType font")
	be      = binary.BigEndian
)

// tables reads the directory of a TrueType file.
func tables(b []byte) (map[string][]byte, error) {
	if len(b) < 12 {
		return nil, errFont
	}
	out := make(map[string][]byte)
	for i := range int(be.Uint16(b[4:])) {
		at := 12 + 16*i
		if at+16 > len(b) {
			return nil, errFont
		}
		from, size := uint64(be.Uint32(b[at+8:])), uint64(be.Uint32(b[at+12:]))
		if from+size > uint64(len(b)) {
			return nil, errFont
		}
		out[string(b[at:at+4])] = b[from : from+size]
	}
	for _, name := range []string{"head", "hhea", "hmtx", "maxp", "loca", "glyf"} {
		if out[name] == nil {
			return nil, errFont
		}
	}
	return out, nil
}

// assemble writes a TrueType file of some tables.
func assemble(tabs map[string][]byte) []byte {
	names := make([]string, 0, len(tabs))
	for name := range tabs {
		names = append(names, name)
	}
	slices.Sort(names)
	out := directory(len(names))
	at := len(out) + 16*len(names)
	for _, name := range names {
		out = append(out, name...)
		out = be.AppendUint32(out, checksum(tabs[name]))
		out = be.AppendUint32(out, uint32(at))
		out = be.AppendUint32(out, uint32(len(tabs[name])))
		at += (len(tabs[name]) + 3) &^ 3
	}
	for _, name := range names {
		out = append(out, tabs[name]...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	return out
}

// directory returns the head of a file with n tables.
func directory(n int) []byte {
	power, log := 1, 0
	for power*2 <= n {
		power, log = power*2, log+1
	}
	out := []byte{0, 1, 0, 0}
	for _, v := range []int{n, power * 16, log, n*16 - power*16} {
		out = be.AppendUint16(out, uint16(v))
	}
	return out
}

func checksum(b []byte) (sum uint32) {
	for len(b) >= 4 {
		sum += be.Uint32(b)
		b = b[4:]
	}
	var last [4]byte
	copy(last[:], b)
	return sum + be.Uint32(last[:])
}
