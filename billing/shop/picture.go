package shop

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"time"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"rowhouse/data/fault"
)

// The bounds of a picture: the file as it comes and as it is kept, in bytes; its sides as they come and as they are kept, in pixels;
// and how many are kept altogether.
const (
	MaxPicture  = 5 << 20
	maxContent  = 3 << 20
	maxSide     = 6000
	maxPixels   = 24_000_000
	keptSide    = 1800
	maxPictures = 200
)

// KeepPicture keeps a picture anew, so that nothing of the file that came is served but its colours, and returns its hash.
// There is no SVG among those that are taken: it can run scripts. The error is a fault.Invalid.
func (s *Shop) KeepPicture(ctx context.Context, file []byte) (hash string, err error) {
	picture, opaque, err := readPicture(file)
	if err != nil {
		return "", err
	}
	kind, content, err := encode(picture, opaque)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(content)
	hash = hex.EncodeToString(sum[:])
	return hash, s.DB.Tx(ctx, func(tx *sql.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, `select count(*) from site_picture`).Scan(&n); err != nil {
			return err
		}
		if n >= maxPictures {
			return fault.New(fault.Invalid, "There are %d pictures already. Those that no page shows are deleted when a page is published.", n)
		}
		size := picture.Bounds()
		_, err := tx.ExecContext(ctx, `insert into site_picture (hash, kind, content, width, height, at) values (?, ?, ?, ?, ?, ?) on conflict (hash) do update set at = excluded.at`,
			hash, kind, content, size.Dx(), size.Dy(), s.Clock.Now().UnixMilli())
		return err
	})
}

// readPicture decodes a file and makes it no larger than pictures are kept. Its size is read from its head first:
// a few bytes can unfold to gigabytes.
func readPicture(file []byte) (picture image.Image, opaque bool, err error) {
	broken := fault.New(fault.Invalid, "This picture cannot be read.")
	var config func(io.Reader) (image.Config, error)
	var decode func(io.Reader) (image.Image, error)
	switch http.DetectContentType(file) {
	case "image/png":
		config, decode = png.DecodeConfig, png.Decode
	case "image/jpeg":
		config, decode = jpeg.DecodeConfig, jpeg.Decode
	case "image/webp":
		config, decode = webp.DecodeConfig, webp.Decode
	default:
		return nil, false, fault.New(fault.Invalid, "Please choose a PNG, JPEG or WebP picture.")
	}
	c, err := config(bytes.NewReader(file))
	if err != nil || c.Width < 1 || c.Height < 1 {
		return nil, false, broken
	}
	if c.Width > maxSide || c.Height > maxSide || c.Width*c.Height > maxPixels {
		return nil, false, fault.New(fault.Invalid, "The picture may be at most %d pixels wide and high.", maxSide)
	}
	if picture, err = decode(bytes.NewReader(file)); err != nil {
		return nil, false, broken
	}
	o, ok := picture.(interface{ Opaque() bool })
	return scaled(picture), ok && o.Opaque(), nil
}

func scaled(picture image.Image) image.Image {
	from := picture.Bounds()
	w, h := from.Dx(), from.Dy()
	if side := max(w, h); side > keptSide {
		w, h = max(1, w*keptSide/side), max(1, h*keptSide/side)
	}
	to := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(to, to.Bounds(), picture, from, draw.Src, nil)
	return to
}

// encode makes a PNG, or a JPEG where that is smaller and nothing is seen through.
func encode(picture image.Image, opaque bool) (kind string, content []byte, err error) {
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return "", nil, err
	}
	kind = "image/png"
	if opaque && out.Len() > 64<<10 {
		var other bytes.Buffer
		if err := jpeg.Encode(&other, picture, &jpeg.Options{Quality: 88}); err != nil {
			return "", nil, err
		}
		if other.Len() < out.Len() {
			kind, out = "image/jpeg", other
		}
	}
	if out.Len() > maxContent {
		return "", nil, fault.New(fault.Invalid, "This picture is too large even when it is made smaller. Please use one with fewer details, or a JPEG.")
	}
	return kind, out.Bytes(), nil
}

// pictureSize is the size of a picture, or 0 if it is not kept.
func (s *Shop) pictureSize(ctx context.Context, hash string) (width, height int, err error) {
	found, err := s.DB.Memo("site_picture/"+hash, func() (any, error) {
		var size [2]int
		err := s.DB.QueryRow(ctx, `select width, height from site_picture where hash = ?`, hash).Scan(&size[0], &size[1])
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
		return size, err
	})
	if err != nil {
		return 0, 0, fmt.Errorf("find picture: %w", err)
	}
	size := found.([2]int)
	return size[0], size[1], nil
}

// picture serves a picture. Its address is its content's, so browsers keep it for good.
func (s *Shop) picture(w http.ResponseWriter, r *http.Request) error {
	var kind string
	var content []byte
	err := s.DB.QueryRow(r.Context(), `select kind, content from site_picture where hash = ?`, r.PathValue("hash")).Scan(&kind, &content)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.Missing, "There is no page at this address.")
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Disposition", "inline")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	return nil
}
