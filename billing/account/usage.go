package account

import (
	"net/http"
	"slices"

	"rowhouse/crm/entity"
	"rowhouse/crm/page"
	"rowhouse/crm/record"
	"rowhouse/crm/staff"
	"rowhouse/tenant"
	"rowhouse/ui"
)

// meter is how much of something that the plan limits is used.
type meter struct {
	Label, Text string
	Used, Of    int64 // Of 0: there is no limit
	Warn        int64 // from here on it is nearly full
	Over        bool
}

// meters are the members of staff, the room for files, and the records of modules that have a limit.
func meters(r *http.Request, d *page.Desk) ([]meter, error) {
	look, limits := ui.LookOf(r), d.Site.Limits
	seats, err := staff.Seats(r.Context(), d.Store.DB)
	if err != nil {
		return nil, err
	}
	room, err := d.Store.UsedRoom(r.Context())
	if err != nil {
		return nil, err
	}
	list := []meter{newMeter(look, look.T("Members of staff"), seats, limits.Staff, look.Number), newMeter(look, look.T("Files"), room, limits.Room, look.Size)}
	counts, err := recordsUsed(r, d, limits)
	if err != nil {
		return nil, err
	}
	for _, c := range counts {
		list = append(list, newMeter(look, c.label, c.used, c.limit, look.Number))
	}
	return list, nil
}

func newMeter(look *ui.Look, label string, used, limit int64, say func(int64) string) meter {
	if limit == tenant.Unlimited {
		return meter{Label: label, Text: look.T("%s, without a limit", say(used)), Used: used}
	}
	return meter{Label: label, Text: look.T("%s of %s", say(used), say(limit)), Used: min(used, limit), Of: max(limit, 1), Warn: limit * 4 / 5, Over: used > limit}
}

// counted is how many records of a module there are, and may be.
type counted struct {
	label       string
	used, limit int64
}

// recordsUsed counts the records of modules that limits name. It counts to one more than the limit, which is all that matters.
func recordsUsed(r *http.Request, d *page.Desk, limits tenant.Limits) ([]counted, error) {
	var list []counted
	for _, e := range d.Store.Book.Entities {
		limit, ok := limits.Records[e.Module]
		if !ok || limit < 0 {
			continue
		}
		ids, err := d.Store.IDs(r.Context(), e, record.Query{}, int(limit)+1)
		if err != nil {
			return nil, err
		}
		list = append(list, counted{ui.LookOf(r).T(e.Many), int64(len(ids)), limit})
	}
	return list, nil
}

// exceeds says what of the tenant would be more than limits allow. Nothing of it is ever deleted.
func exceeds(r *http.Request, d *page.Desk, limits tenant.Limits) (sentences []string, people bool, err error) {
	look := ui.LookOf(r)
	seats, err := staff.Seats(r.Context(), d.Store.DB)
	if err != nil {
		return nil, false, err
	}
	if limits.Staff != tenant.Unlimited && seats > limits.Staff {
		sentences, people = append(sentences, look.T("%d members of staff, %s has %d.", seats, limits.Plan, limits.Staff)), true
	}
	room, err := d.Store.UsedRoom(r.Context())
	if err != nil {
		return nil, false, err
	}
	if limits.Room != tenant.Unlimited && room > limits.Room {
		sentences = append(sentences, look.T("%s of files, %s has room for %s. What is there stays; new files cannot be added.", look.Size(room), limits.Plan, look.Size(limits.Room)))
	}
	counts, err := recordsUsed(r, d, limits)
	for _, c := range counts {
		if c.used > c.limit {
			sentences = append(sentences, look.T("More than %d %s. All stay; no more can be added.", c.limit, look.Noun(c.label)))
		}
	}
	if loses(d, limits) {
		sentences = append(sentences, look.T("Some modules are not included and are hidden. What is in them is kept."))
	}
	return sentences, people, err
}

// loses tells whether another plan lacks a module that there is now.
func loses(d *page.Desk, limits tenant.Limits) bool {
	return slices.ContainsFunc(d.Store.Book.Entities, func(e *entity.Entity) bool { return !limits.Includes(e.Module) })
}
