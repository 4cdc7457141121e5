package settings

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

// The bounds of a logo: the file as it comes, in bytes; the picture as it comes and as it is kept, in pixels.
const (
	maxLogo  = 512 << 10
	maxSide  = 2000
	keptSide = 256
)

// format is one that a logo may come in. There is no SVG among them: it can run scripts.
type format struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

func formatOf(kind string) (format, bool) {
	switch kind {
	case "image/png":
		return format{png.DecodeConfig, png.Decode}, true
	case "image/jpeg":
		return format{jpeg.DecodeConfig, jpeg.Decode}, true
	case "image/webp":
		return format{webp.DecodeConfig, webp.Decode}, true
	}
	return format{}, false
}

// shrink returns a picture as a small PNG of our own making, so that nothing of the file that came is kept but its
// colours. The size is read from its head first: a few bytes can unfold to gigabytes.
func shrink(b []byte) ([]byte, error) {
	f, ok := formatOf(http.DetectContentType(b))
	if !ok {
		return nil, wrong("logo", "Please choose a PNG, JPEG or WebP picture.")
	}
	c, err := f.config(bytes.NewReader(b))
	switch {
	case err != nil:
		return nil, wrong("logo", "This picture cannot be read.")
	case c.Width < 1 || c.Height < 1 || c.Width > maxSide || c.Height > maxSide:
		return nil, wrong("logo", "The picture may be at most %d pixels wide and high.", maxSide)
	}
	picture, err := f.decode(bytes.NewReader(b))
	if err != nil {
		return nil, wrong("logo", "This picture cannot be read.")
	}
	var out bytes.Buffer
	if err := png.Encode(&out, fit(picture)); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// fit draws a picture anew, no larger than a logo is kept.
func fit(picture image.Image) image.Image {
	from := picture.Bounds()
	w, h := from.Dx(), from.Dy()
	if side := max(w, h); side > keptSide {
		w, h = max(1, w*keptSide/side), max(1, h*keptSide/side)
	}
	to := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(to, to.Bounds(), picture, from, draw.Src, nil)
	return to
}
