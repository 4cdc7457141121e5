package settings

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"

	"rowhouse/crm/page"
	"rowhouse/ui"
)

var brandPage = ui.Parse[brandSheet](files, ui.App, "brand.html", "parts.html")

type brandSheet struct {
	Sheet
	Hue      int
	Picture  string // the address of the logo, or empty
	LogoErr  string
	HueErr   string
	MostSize string
}

func showBrand(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	return drawBrand(w, r, d, nil)
}

func drawBrand(w http.ResponseWriter, r *http.Request, d *page.Desk, failed error) error {
	s, err := begin(w, r, d, "Brand", "/admin/settings/brand", failed)
	if err != nil {
		return err
	}
	p := brandSheet{Sheet: s, Hue: s.Brand.Hue, LogoErr: s.Wrong.Say(s.Look, "logo"), HueErr: s.Wrong.Say(s.Look, "hue"), MostSize: s.Size(maxLogo)}
	if hue, err := strconv.Atoi(d.Store.Book.Settings["brand.hue"]); err == nil {
		p.Hue = hue
	}
	if hash := d.Store.Book.Settings["brand.logo"]; hash != "" {
		p.Picture = "/logo/" + hash
	}
	return brandPage.ShowAs(w, r, s.Status, p)
}

func saveBrand(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	form, err := ui.Form(w, r, "hue")
	if err != nil {
		return err
	}
	hue, err := strconv.Atoi(form.Get("hue"))
	if err != nil || hue < 0 || hue > 359 {
		return drawBrand(w, r, d, wrong("hue", "Please choose a colour from 0 to 359."))
	}
	if err := d.Store.SetSettings(r.Context(), map[string]string{"brand.hue": strconv.Itoa(hue)}); err != nil {
		return err
	}
	return done(w, r, "/admin/settings/brand", "Saved")
}

// wrong is a fault of one field.
func wrong(field, sentence string, args ...any) error {
	p := ui.Problems{}
	p.Add(field, sentence, args...)
	return p.Err()
}

// maxUpload is how much of a form with a logo is read: enough to tell whoever sends a photo that it is too large.
const maxUpload = 4 << 20

func saveLogo(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	content, err := uploaded(w, r)
	if err != nil {
		return drawBrand(w, r, d, err)
	}
	picture, err := shrink(content)
	if err != nil {
		return drawBrand(w, r, d, err)
	}
	if err := d.Store.SetPicture(r.Context(), "brand.logo", bytes.NewReader(picture)); err != nil {
		return err
	}
	return done(w, r, "/admin/settings/brand", "Your logo is on every page now.")
}

// uploaded returns the one file of the form.
func uploaded(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	err := ui.ParseForm(w, r, maxUpload)
	if r.MultipartForm != nil {
		defer func() { _ = r.MultipartForm.RemoveAll() }() // what was too large for memory
	}
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return nil, tooLarge()
	}
	if err != nil {
		return nil, err
	}
	if _, err := ui.Only(r.PostForm); err != nil {
		return nil, err
	}
	if r.MultipartForm == nil || len(r.MultipartForm.File) != 1 || len(r.MultipartForm.File["logo"]) != 1 {
		return nil, wrong("logo", "Please choose a picture.")
	}
	head := r.MultipartForm.File["logo"][0]
	if head.Size > maxLogo {
		return nil, tooLarge()
	}
	f, err := head.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxLogo))
}

func tooLarge() error { return wrong("logo", "The picture may have at most %d KB.", maxLogo>>10) }

func deleteLogo(w http.ResponseWriter, r *http.Request, d *page.Desk) error {
	if err := bare(w, r); err != nil {
		return err
	}
	if err := d.Store.SetSettings(r.Context(), map[string]string{"brand.logo": ""}); err != nil {
		return err
	}
	return done(w, r, "/admin/settings/brand", "Your logo is removed. The first letter of your name stands in its place.")
}
