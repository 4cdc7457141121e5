package entity_test

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"rowhouse/crm/entity"
	"rowhouse/ui"
)

func TestWhatCannotBeSeenIsNotKept(t *testing.T) {
	env, _ := world(t)
	for _, kind := range []entity.Kind{entity.Line{}, entity.Long{}, entity.Tags{}, entity.Web{}} {
		v, err := kind.Parse([]string{"a.exa\x00\x1b\x7f\u202e\u2066\u200b\ufeff\u200fmple"}, env)
		if got := fmt.Sprint(v); err != nil || strings.Trim(got, "[]") != "a.example" && got != "https://a.example" {
			t.Errorf("%s keeps %q (%v)", kind.Word(), v, err)
		}
	}
	for _, in := range []string{"\u202e", "\u200b \u200b", "\x00", "\u2028"} {
		if v, _ := (entity.Line{}).Parse([]string{in}, env); v != "" {
			t.Errorf("a name of nothing but %q is a name: %q", in, v)
		}
	}
	if v, _ := (entity.Long{}).Parse([]string{" a\r\nb\rc\u2028d\te "}, env); v != "a\nb\nc\nd\te" {
		t.Errorf("%q", v)
	}
}

// Corpus is what people try who want a page to run something.
var Corpus = []string{`<script>alert(1)</script>`, `"><script>alert(1)</script>`, `'><script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `"><img src=x onerror=alert(1)>`, `<svg onload=alert(1)>`, `<svg/onload=alert(1)//`,
	`" onmouseover="alert(1)`, `' onmouseover='alert(1)`, `" autofocus onfocus=alert(1) x="`, `</title><script>alert(1)</script>`, `</textarea><script>alert(1)</script>`, `</select><img src=x onerror=alert(1)>`, `</template><img src=x onerror=alert(1)>`,
	`</style><script>alert(1)</script>`, `--><script>alert(1)</script>`, `<!--<img src="--><img src=x onerror=alert(1)//">`, `<iframe src=javascript:alert(1)>`, `<a href="javascript:alert(1)">x</a>`, `<a href="java&#9;script:alert(1)">x</a>`, `<body onload=alert(1)>`,
	`<input autofocus onfocus=alert(1)>`, `<details open ontoggle=alert(1)>`, `<video><source onerror=alert(1)>`, `<math><mi xlink:href="javascript:alert(1)">`, `<form action=javascript:alert(1)><button>`, `<object data=javascript:alert(1)>`, `<embed src=javascript:alert(1)>`,
	`<base href=//evil.example/>`, `<meta http-equiv=refresh content="0;url=javascript:alert(1)">`, `<link rel=stylesheet href=//evil.example>`, `<scr<script>ipt>alert(1)</scr</script>ipt>`, `<<script>alert(1)//<</script>`, `\"><script>alert(1)</script>`, `&lt;script&gt;alert(1)&lt;/script&gt;`,
	`{{constructor.constructor('alert(1)')()}}`, `${alert(1)}`, `<turbo-stream action="append" target="x"><template><img src=x onerror=alert(1)></template></turbo-stream>`, `" data-controller="evil" x="`, "`-alert(1)-`", `<bdi></bdi></td></tr><script>alert(1)</script>`, `javascript:alert(1)`, `%3Cscript%3Ealert(1)%3C/script%3E`, `＜script＞alert(1)＜/script＞`}

func TestHostileTextIsOnlyEverText(t *testing.T) {
	_, d := world(t)
	for _, p := range Corpus {
		for _, c := range kinds {
			v := any(p)
			switch c.kind.(type) {
			case entity.Emails, entity.Phones:
				v = []entity.Entry{{Value: p}, {Value: p}}
			case entity.Tags, entity.Multi:
				v = []string{p, p}
			case entity.Link:
				v = entity.Ref{ID: 1, Title: p}
			case entity.Pick, entity.Staff:
				v = int64(3)
			case entity.Moment, entity.Number, entity.Bool, entity.Money:
				continue
			}
			var cell, input ui.HTML
			c.kind.Cell(&cell, v, d)
			c.kind.Input(&input, entity.Field{Name: "f", Label: p, Kind: c.kind}, []string{p, p}, d)
			for where, drawn := range map[string]string{"cell": string(cell.String()), "input": string(input.String())} {
				if bad := runs(drawn); bad != "" {
					t.Errorf("the %s of %s with %s draws %s: %.300s", where, c.kind.Word(), p, bad, drawn)
				}
			}
		}
	}
}

// runs says what of a piece of HTML could run something, or nothing.
func runs(drawn string) string {
	z := html.NewTokenizer(strings.NewReader(drawn))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			tok := z.Token()
			switch tok.Data {
			case "a", "input", "select", "option", "span", "bdi", "div", "textarea", "label", "svg", "use", "template", "button", "datalist", "time":
			default:
				return "<" + tok.Data + ">"
			}
			for _, a := range tok.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "data-controller" && a.Val == "evil" || a.Key == "autofocus" {
					return a.Key
				}
				if a.Key == "href" && !ui.Safe(a.Val) {
					return a.Val
				}
			}
		}
	}
}
