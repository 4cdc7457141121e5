package admin

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"rowhouse/crm/custom"
	"rowhouse/data/fault"
	"rowhouse/ui"
)

var newModulePage = ui.Parse[newModuleSheet](files, ui.App, "module-new.html")

// newModuleSheet is where a description is uploaded, with what is wrong with it.
type newModuleSheet struct {
	ui.Frame
	Text     string
	Problems []moduleProblem
	More     int
	Most     int64 // bytes
}

// moduleProblem is one thing that is wrong, in the reader's language.
type moduleProblem struct{ Place, Text string }

func (p *Panel) newModule(w http.ResponseWriter, r *http.Request) error {
	text := ""
	if r.URL.Query().Get("example") == "1" {
		text = custom.Example
	}
	return p.newModuleWith(w, r, http.StatusOK, text, nil)
}

func (p *Panel) newModuleWith(w http.ResponseWriter, r *http.Request, status int, text string, bad *custom.Refused) error {
	page := newModuleSheet{Frame: p.below(w, r, "Upload a module", "Modules", "/admin/modules"), Text: text, Most: custom.MaxSize}
	if bad != nil {
		for _, problem := range bad.Problems {
			f := fault.Of(problem.Err)
			page.Problems = append(page.Problems, moduleProblem{problem.Place, page.T(f.Format, f.Args...)})
		}
		page.More = bad.More
	}
	return newModulePage.ShowAs(w, r, status, page)
}

// addModule takes a description that was pasted, or comes as a file. What is wrong with it is shown beside it.
func (p *Panel) addModule(w http.ResponseWriter, r *http.Request) error {
	if err := may(r, maySell); err != nil {
		return err
	}
	text, err := moduleTyped(w, r)
	if err != nil {
		return err
	}
	m, fresh, err := p.Shelf.Add(r.Context(), []byte(text), actor(r))
	var bad *custom.Refused
	if errors.As(err, &bad) {
		return p.newModuleWith(w, r, http.StatusUnprocessableEntity, text, bad)
	}
	if err != nil {
		return err
	}
	look := ui.LookOf(r)
	said := look.T("Nothing changed: the newest version says the same.")
	if fresh {
		said = look.T("Version %d of %s is here. Tick it in the plans that are to have it.", m.Version, m.Label)
	}
	ui.Say(w, said, "")
	return ui.Back(w, r, "/admin/modules/"+m.Name)
}

// moduleTyped is the file that was sent, or what was pasted.
func moduleTyped(w http.ResponseWriter, r *http.Request) (string, error) {
	form, err := ui.Form(w, r, "text", "file")
	if err != nil {
		return "", err
	}
	if r.MultipartForm != nil && len(r.MultipartForm.File["file"]) > 0 && r.MultipartForm.File["file"][0].Size > 0 {
		f, err := r.MultipartForm.File["file"][0].Open()
		if err != nil {
			return "", err
		}
		defer f.Close()
		b, err := io.ReadAll(io.LimitReader(f, ui.MaxBody))
		return string(b), err
	}
	return strings.ReplaceAll(form.Get("text"), "\r\n", "\n"), nil
}

func (p *Panel) exampleModule(w http.ResponseWriter, _ *http.Request) error {
	return sendModule(w, "fleet-example.json", custom.Example)
}

func sendModule(w http.ResponseWriter, name, text string) error {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, err := io.WriteString(w, text)
	return err
}
