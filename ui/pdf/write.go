package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"strconv"
)

// writer writes the objects of a PDF file and remembers where they are.
type writer struct {
	bytes.Buffer
	at   []int // where each object begins, the first is object 1
	zip  *zlib.Writer
	pack bytes.Buffer
}

// ref is the number of an object.
type ref int

// String returns how the object is referred to in the file.
func (r ref) String() string { return strconv.Itoa(int(r)) + " 0 R" }

func number(n int) string { return strconv.Itoa(n) }

func newWriter() *writer {
	w := &writer{}
	w.zip = zlib.NewWriter(&w.pack)
	// The second line tells programs that move files that it is not text.
	w.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	return w
}

// reserve returns the number of an object that is written later.
func (w *writer) reserve() ref {
	w.at = append(w.at, 0)
	return ref(len(w.at))
}

func (w *writer) begin(r ref) {
	w.at[r-1] = w.Len()
	fmt.Fprintf(w, "%d 0 obj\n", r)
}

// fill writes a reserved object.
func (w *writer) fill(r ref, body string) {
	w.begin(r)
	w.WriteString(body)
	w.WriteString("\nendobj\n")
}

// object writes an object.
func (w *writer) object(body string) ref {
	r := w.reserve()
	w.fill(r, body)
	return r
}

// stream writes compressed data with some entries in its dictionary.
func (w *writer) stream(entries string, data []byte) ref {
	w.pack.Reset()
	w.zip.Reset(&w.pack)
	_, _ = w.zip.Write(data) // a buffer takes everything
	_ = w.zip.Close()
	r := w.reserve()
	w.begin(r)
	fmt.Fprintf(w, "<<%s/Filter/FlateDecode/Length %d>>\nstream\n", entries, w.pack.Len())
	w.Write(w.pack.Bytes())
	w.WriteString("\nendstream\nendobj\n")
	return r
}

// finish writes the table of objects and the trailer. The file is known by a
// digest of itself.
func (w *writer) finish(root, info ref) []byte {
	id := sha256.Sum256(w.Bytes())
	start := w.Len()
	fmt.Fprintf(w, "xref\n0 %d\n0000000000 65535 f \n", len(w.at)+1)
	for _, at := range w.at {
		fmt.Fprintf(w, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(w, "trailer\n<</Size %d/Root %v/Info %v/ID[<%X><%X>]>>\n", len(w.at)+1, root, info, id[:16], id[:16])
	fmt.Fprintf(w, "startxref\n%d\n%%%%EOF\n", start)
	return w.Bytes()
}
