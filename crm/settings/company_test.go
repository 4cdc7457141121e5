package settings

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rowhouse/crm/record"
	"rowhouse/data/fault"
)

func TestSettingsAreKeptAndLogged(t *testing.T) {
	h := newHouse(t)
	h.post(owner, "/admin/settings/company", 303, "name", "Acme GmbH", "email", "Hello@ACME.example", "country", "DE", "website", "acme.example")
	if got := h.text(`select group_concat(key || '=' || value, ';' order by key) from setting`); got != "company.country=DE;company.email=Hello@acme.example;company.name=Acme GmbH;company.website=https://acme.example" {
		t.Error(got)
	}
	h.post(owner, "/admin/settings/company", 303, "name", "Acme AG", "email", "Hello@ACME.example", "country", "DE", "website", "acme.example")
	if got := h.text(`select changes from activity order by id desc limit 1`); got != `{"company.name":["Acme GmbH","Acme AG"]}` {
		t.Error(got)
	}
	h.post(owner, "/admin/settings/company", 303, "name", "Acme AG", "email", "Hello@ACME.example", "country", "DE", "website", "acme.example")
	if got := h.text(`select count(*) from activity where act = 'settings changed'`); got != "2" {
		t.Errorf("%s entries: saving the same again is no change", got)
	}
	body := h.post(owner, "/admin/settings/company", 422, "name", "", "email", "nobody", "city", "Köln", "website", "javascript:alert(1)", "country", "Atlantis")
	if strings.Count(body, `class="err"`) != 4 || !strings.Contains(body, `value="Köln"`) {
		t.Error("not four marks, or what was typed is gone")
	}
	if body := h.get(owner, "/admin/settings/log", 200); !strings.Contains(body, "Acme AG") {
		t.Error("the log does not show it")
	}
}

func TestSettingsAreBoundedAndForAdministrators(t *testing.T) {
	h := newHouse(t)
	ctx := context.Background()
	if err := h.desk(seller).Store.SetSettings(ctx, map[string]string{"currency": "USD"}); !fault.Is(err, fault.Denied) {
		t.Error(err)
	}
	err := h.desk(owner).Store.SetSettings(ctx, map[string]string{"a": "b", "currency": strings.Repeat("x", record.MaxSetting+1)})
	if !fault.Is(err, fault.Invalid) || h.text(`select count(*) from setting`) != "0" {
		t.Error(err)
	}
}

func TestLocalisationTakesOnlyWhatThereIs(t *testing.T) {
	h := newHouse(t)
	at := "/admin/settings/localisation"
	h.post(owner, at, 303, "language", "en", "zone", "Asia/Kolkata", "currency", "INR", "week", "sunday")
	if b := h.desk(owner).Store.Book; b.Currency != "INR" || b.Settings["zone"] != "Asia/Kolkata" {
		t.Errorf("%v", b.Settings)
	}
	for _, bad := range [][4]string{{"xx", "UTC", "EUR", "monday"}, {"en", "Mars/Base", "EUR", "monday"}, {"en", "Local", "EUR", "monday"}, {"en", "../../etc/passwd", "EUR", "monday"},
		{"en", "", "EUR", "monday"}, {"en", "UTC", "XXX", "monday"}, {"en", "UTC", "EUR", "friday"}} {
		h.post(owner, at, 422, "language", bad[0], "zone", bad[1], "currency", bad[2], "week", bad[3])
	}
	h.post(owner, "/admin/settings/duplicates", 303, "email", "block", "phone", "off", "domain", "warn", "name", "warn")
	h.post(owner, "/admin/settings/duplicates", 422, "email", "explode", "phone", "off", "domain", "warn", "name", "warn")
	if got := h.desk(owner).Store.Book.Settings["twins.email"]; got != "block" {
		t.Error(got)
	}
	for _, hue := range []string{"-1", "360", "red", ""} {
		h.post(owner, "/admin/settings/brand", 422, "hue", hue)
	}
	h.post(owner, "/admin/settings/brand", 303, "hue", "155")
}

// upload sends a file as the logo.
func (h *house) upload(content []byte) *httptest.ResponseRecorder {
	kind, body := multi("logo", "logo.png", content)
	r := httptest.NewRequest("POST", "/admin/settings/brand/logo", body)
	r.Header.Set("Content-Type", kind)
	return h.serve(owner, r)
}

func picture(w, h int) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	m.Set(1, 1, color.NRGBA{255, 0, 0, 255})
	return m
}

func encoded(t *testing.T, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, picture(w, h)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestALogoIsMadeSmallAndServedToEverybody(t *testing.T) {
	h := newHouse(t)
	if w := h.upload(encoded(t, 600, 300)); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code, said(w.Body.String()))
	}
	hash := h.text(`select value from setting where key = 'brand.logo'`)
	w := h.serve(reader, httptest.NewRequest("GET", "/logo/"+hash, nil))
	c, err := png.DecodeConfig(w.Body)
	if err != nil || c.Width != 256 || c.Height != 128 {
		t.Errorf("%v %v", c, err)
	}
	if w.Header().Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("Content-Type") != "image/png" {
		t.Error(w.Header())
	}
	if err := os.WriteFile(filepath.Join(h.dir, "files", "secret"), []byte("contract"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{"secret", "..%2fcrm.db", strings.Repeat("0", 64), "%00"} {
		if w := h.serve(reader, httptest.NewRequest("GET", "/logo/"+other, nil)); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", other, w.Code)
		}
	}
	h.post(owner, "/admin/settings/brand/logo/deletion", 303)
	if w := h.serve(reader, httptest.NewRequest("GET", "/logo/"+hash, nil)); w.Code != http.StatusNotFound {
		t.Error("a removed logo is still served")
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(40, 40), nil); err != nil {
		t.Fatal(err)
	}
	if w := h.upload(b.Bytes()); w.Code != http.StatusSeeOther {
		t.Error("a JPEG is refused")
	}
}

// bomb is a PNG of a few bytes that says to be as large as it can.
func bomb() []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	head := append([]byte("IHDR"), 0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff, 8, 6, 0, 0, 0)
	size := make([]byte, 4)
	binary.BigEndian.PutUint32(size, 13)
	b.Write(size)
	b.Write(head)
	binary.BigEndian.PutUint32(size, crc32.ChecksumIEEE(head))
	b.Write(size)
	return b.Bytes()
}

func TestPicturesThatAreNoneOrTooLargeAreRefused(t *testing.T) {
	h := newHouse(t)
	before := h.sum()
	for name, content := range map[string][]byte{"bomb": bomb(), "wide": encoded(t, 2001, 2), "svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`),
		"svg with a head": []byte(`<?xml version="1.0"?><svg/>`), "gif": []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), "half": encoded(t, 100, 100)[:60], "empty": {},
		"page": []byte("<html>"), "webp": []byte("RIFF\x10\x00\x00\x00WEBPVP8 \x00\x00\x00\x00"), "large": bytes.Repeat([]byte("x"), maxLogo+1), "huge": bytes.Repeat([]byte("x"), maxUpload+1)} {
		if w := h.upload(content); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `class="err"`) {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	h.post(owner, "/admin/settings/brand/logo", 422)
	kind, body := multi("other", "logo.png", encoded(t, 4, 4))
	r := httptest.NewRequest("POST", "/admin/settings/brand/logo", body)
	r.Header.Set("Content-Type", kind)
	if w := h.serve(owner, r); w.Code != http.StatusUnprocessableEntity {
		t.Error("another field is taken for the logo")
	}
	if h.sum() != before {
		t.Error("the file is not as it was")
	}
}
