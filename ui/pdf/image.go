package pdf

import (
	"bytes"
	"errors"
	"image"
	_ "image/jpeg" // for image.Decode
	_ "image/png"  // for image.Decode
	"math"

	"golang.org/x/image/draw"
)

// Bounds of an image: as given, as drawn, and how many of its pixels are kept
// for a point.
const (
	maxPixels     = 2000
	imageWidth    = 140.0
	imageHeight   = 48.0
	pixelsAPoint  = 4.0
	gapUnderImage = 14.0
)

// ErrImage is returned for an image that is not a PNG or JPEG file, or is
// larger than 2000 by 2000 pixels.
var ErrImage = errors.New("pdf: not a PNG or JPEG image of at most 2000 by 2000 pixels")

// picture is an image in the document: its colours and, if it has any
// transparency, its opacity.
type picture struct {
	width, height int
	rgb, alpha    []byte
	clear         bool
}

// Image adds a logo at the start side, from a PNG or JPEG file. It is drawn at
// one point a pixel, or smaller so that it is at most 140 points wide and 48
// high. When it returns an error, nothing has been added.
func (d *Document) Image(file []byte) error {
	config, _, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil || min(config.Width, config.Height) < 1 || max(config.Width, config.Height) > maxPixels {
		return ErrImage
	}
	source, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return ErrImage
	}
	size := source.Bounds().Size()
	scale := min(1, imageWidth/float64(size.X), imageHeight/float64(size.Y))
	width, height := float64(size.X)*scale, float64(size.Y)*scale
	d.images = append(d.images, newPicture(source, width, height))
	if height > d.left() {
		d.newPage()
	}
	d.drawImage(len(d.images), d.place(0, width, textWidth), width, height)
	d.y += height
	d.Gap(gapUnderImage)
	return nil
}

func (d *Document) drawImage(number int, x, width, height float64) {
	p := d.page()
	p.images = append(p.images, d.images[number-1])
	p.WriteString("q ")
	p.num(width, 0, 0, height, marginSide+x, pageHeight-d.y-height)
	p.WriteString("cm /I" + string(appendNumber(nil, float64(number))) + " Do Q\n")
}

// newPicture reads the pixels of an image that is drawn at width by height
// points, with no more of them than print needs.
func newPicture(source image.Image, width, height float64) *picture {
	size := source.Bounds().Size()
	w := min(size.X, max(1, int(math.Ceil(width*pixelsAPoint))))
	h := min(size.Y, max(1, int(math.Ceil(height*pixelsAPoint))))
	pixels := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(pixels, pixels.Bounds(), source, source.Bounds(), draw.Src, nil)
	p := &picture{width: w, height: h}
	for i := 0; i < len(pixels.Pix); i += 4 {
		p.rgb = append(p.rgb, pixels.Pix[i:i+3]...)
		p.alpha = append(p.alpha, pixels.Pix[i+3])
		p.clear = p.clear || pixels.Pix[i+3] != 255
	}
	return p
}

// writeImage writes a picture and returns its object.
func (w *writer) writeImage(p *picture) ref {
	mask := ""
	if p.clear {
		mask = "/SMask " + w.pixels(p, "/DeviceGray", "", p.alpha).String()
	}
	return w.pixels(p, "/DeviceRGB", mask, p.rgb)
}

func (w *writer) pixels(p *picture, space, more string, data []byte) ref {
	return w.stream("/Type/XObject/Subtype/Image/BitsPerComponent 8/ColorSpace"+space+
		"/Width "+number(p.width)+"/Height "+number(p.height)+more, data)
}
