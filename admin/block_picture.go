package admin

import (
	"errors"
	"io"
	"net/http"
	"net/url"

	"rowhouse/billing/shop"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

// uploadPicture takes a picture for a block.
func (p *Panel) uploadPicture(w http.ResponseWriter, r *http.Request) error {
	if err := may(r, mayWrite); err != nil {
		return err
	}
	_, b, err := p.blockOf(r)
	if err != nil {
		return err
	}
	file, err := uploaded(w, r)
	var hash string
	if err == nil {
		hash, err = p.Shop.KeepPicture(r.Context(), file)
	}
	if err == nil {
		err = p.Shop.EditSection(r.Context(), r.PathValue("slug"), b.ID, actor(r), func(b *shop.Section) error {
			b.Picture = hash
			return nil
		})
	}
	if f := fault.Of(err); err != nil && f.Kind == fault.Invalid {
		return p.blockWith(w, r, http.StatusUnprocessableEntity, &refused{"picture", url.Values{}, f})
	}
	if err != nil {
		return err
	}
	ui.Say(w, ui.LookOf(r).T("The picture is in the draft."), "")
	return ui.Back(w, r, blockPath(r.PathValue("slug"), b.ID))
}

// uploaded returns the one file of the form.
func uploaded(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	large := fault.New(fault.Invalid, "The picture may have at most %d MB.", shop.MaxPicture>>20)
	err := ui.ParseForm(w, r, shop.MaxPicture+1<<20)
	if r.MultipartForm != nil {
		defer func() { _ = r.MultipartForm.RemoveAll() }() // what was too large for memory
	}
	if big := (*http.MaxBytesError)(nil); errors.As(err, &big) {
		return nil, large
	}
	if err != nil {
		return nil, err
	}
	if _, err := ui.Only(r.PostForm); err != nil {
		return nil, err
	}
	if r.MultipartForm == nil || len(r.MultipartForm.File) != 1 || len(r.MultipartForm.File["picture"]) != 1 {
		return nil, fault.New(fault.Invalid, "Please choose a picture.")
	}
	head := r.MultipartForm.File["picture"][0]
	if head.Size > shop.MaxPicture {
		return nil, large
	}
	f, err := head.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, shop.MaxPicture))
}
