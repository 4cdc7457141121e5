package entity

import (
	"strconv"
	"strings"

	"rowhouse/data/fault"
	"rowhouse/data/money"
	"rowhouse/ui"
)

// Number is a whole number.
type Number struct{ plainInt }

// Word names the kind.
func (Number) Word() string { return "number" }

// Parse takes a whole number, with the marks people put between thousands.
func (Number) Parse(in []string, _ *Env) (any, error) {
	s, err := one(in)
	if err != nil {
		return nil, err
	}
	s = strings.NewReplacer(" ", "", ",", "", "\u00a0", "", "−", "-").Replace(s)
	if s == "" {
		return nil, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n > 1e15 || n < -1e15 {
		return nil, fault.New(fault.Invalid, "Please enter a whole number.")
	}
	return n, nil
}

// In shows the bare digits.
func (Number) In(v any, _ *Draw) []string {
	if n, ok := whole(v); ok {
		return []string{strconv.FormatInt(n, 10)}
	}
	return nil
}

// Text shows the bare digits.
func (k Number) Text(v any, d *Draw) string { return first(k.In(v, d)) }

// Cell draws the number.
func (Number) Cell(h *ui.HTML, v any, d *Draw) {
	if n, ok := whole(v); ok {
		h.Tag(`<bdi class="num" dir="ltr">`).Text(d.Number(n)).Tag(`</bdi>`)
	}
}

// Input asks for the number.
func (Number) Input(h *ui.HTML, f Field, in []string, _ *Draw) {
	input(h, f, "text").Tag(` inputmode="numeric" maxlength="20" value="`).Text(first(in)).Tag(`">`)
}

// Class says that it is counted.
func (Number) Class() Class { return Count }

// Money is an amount and its currency. The value is a money.Amount, or nil.
type Money struct{}

// Word names the kind.
func (Money) Word() string { return "money" }

// Columns are the minor units and the currency.
func (Money) Columns() []Column {
	return []Column{{"", "integer"}, {"_currency", "text not null default ''"}}
}

// Store keeps both.
func (Money) Store(v any) []any {
	if a, ok := v.(money.Amount); ok {
		return []any{a.Minor, a.Currency}
	}
	return []any{nil, ""}
}

// Scan makes an amount of both.
func (Money) Scan(kept []any) any {
	if n, ok := kept[0].(int64); ok {
		return money.Amount{Minor: n, Currency: text(kept[1])}
	}
	return nil
}

// Parse takes an amount, with its currency before or behind it, or the tenant's own.
func (Money) Parse(in []string, env *Env) (any, error) {
	if len(in) > 2 {
		return nil, fault.New(fault.Invalid, "Please send one value here.")
	}
	s, currency := strings.TrimSpace(first(in)), env.Currency
	if s == "" {
		return nil, nil
	}
	if len(in) == 2 && in[1] != "" {
		currency = in[1]
	}
	a, err := money.Parse(s, currency)
	if err != nil {
		return nil, err
	}
	return a, nil
}

// In shows the amount as typed, and its currency.
func (Money) In(v any, d *Draw) []string {
	if a, ok := v.(money.Amount); ok {
		return []string{a.Decimal(), a.Currency}
	}
	return []string{"", d.Currency}
}

// Text shows 12.50 EUR.
func (Money) Text(v any, _ *Draw) string {
	if a, ok := v.(money.Amount); ok {
		return a.Decimal() + " " + a.Currency
	}
	return ""
}

// Cell draws the amount as the reader's language does.
func (Money) Cell(h *ui.HTML, v any, d *Draw) {
	if a, ok := v.(money.Amount); ok {
		h.Tag(`<bdi class="num amt" dir="ltr">`).Text(d.Money(a.Minor, a.Currency)).Tag(`</bdi>`)
	}
}

// Input asks for amount and currency.
func (Money) Input(h *ui.HTML, f Field, in []string, d *Draw) {
	h.Tag(`<span class="inline"><input class="input num" type="text" inputmode="decimal" maxlength="24" name="`).Text(f.Name).Tag(`[]" id="f-`).Text(f.Name).Tag(`" value="`).Text(first(in)).Tag(`">`)
	h.Tag(`<select class="input cur" name="`).Text(f.Name).Tag(`[]" aria-label="`).Text(d.T("Currency")).Tag(`">`)
	chosen := d.Currency
	if len(in) > 1 && in[1] != "" {
		chosen = in[1]
	}
	for _, c := range money.Currencies {
		option(h, c, c, c == chosen)
	}
	h.Tag(`</select></span>`)
}

// Class says that it is counted.
func (Money) Class() Class { return Count }

// Bool is yes or no.
type Bool struct{}

// Word names the kind.
func (Bool) Word() string { return "bool" }

// Columns is one column of 0 or 1.
func (Bool) Columns() []Column { return []Column{{"", "integer not null default 0"}} }

// Store keeps 0 or 1.
func (Bool) Store(v any) []any {
	if b, _ := v.(bool); b {
		return []any{1}
	}
	return []any{0}
}

// Scan makes true of 1.
func (Bool) Scan(kept []any) any { n, _ := kept[0].(int64); return n == 1 }

// Parse takes what people and programs write for yes. A box that is not ticked sends nothing.
func (Bool) Parse(in []string, _ *Env) (any, error) {
	s := ""
	if len(in) > 0 {
		s = in[len(in)-1] // the hidden "no" comes before the box's "yes"
	}
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "", "0", "no", "false", "off", "n":
		return false, nil
	case "1", "yes", "true", "on", "y", "x":
		return true, nil
	}
	return nil, fault.New(fault.Invalid, "Please answer yes or no.")
}

// In shows 1 or 0.
func (Bool) In(v any, _ *Draw) []string {
	if b, _ := v.(bool); b {
		return []string{"1"}
	}
	return []string{"0"}
}

// Text says yes or no.
func (Bool) Text(v any, _ *Draw) string {
	if b, _ := v.(bool); b {
		return "yes"
	}
	return "no"
}

// Cell draws a tick.
func (Bool) Cell(h *ui.HTML, v any, d *Draw) {
	if b, _ := v.(bool); b {
		h.Tag(`<span class="ok">`).Icon("check").Tag(`<span class="sr">`).Text(d.T("Yes")).Tag(`</span></span>`)
	}
}

// Input is a box to tick.
func (Bool) Input(h *ui.HTML, f Field, in []string, d *Draw) {
	h.Tag(`<label class="check"><input type="hidden" name="`).Text(f.Name).Tag(`[]" value="0"><input type="checkbox" name="`).Text(f.Name).Tag(`[]" value="1" id="f-`).Text(f.Name).Tag(`"`)
	if len(in) > 0 && in[len(in)-1] == "1" {
		h.Tag(` checked`)
	}
	h.Tag(`><span>`).Text(d.T("Yes")).Tag(`</span></label>`)
}

// Class says that it is a switch.
func (Bool) Class() Class { return Switch }

func option(h *ui.HTML, value, label string, chosen bool) {
	h.Tag(`<option value="`).Text(value).Tag(`"`)
	if chosen {
		h.Tag(` selected`)
	}
	h.Tag(`>`).Text(label).Tag(`</option>`)
}
