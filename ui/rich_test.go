package ui

import "testing"

func TestRichDrawsBoldAndLinksAndNothingElse(t *testing.T) {
	for text, want := range map[string]string{
		"plain <b>":                           "plain &lt;b&gt;",
		"**bold** and [go](/prices)":          `<b>bold</b> and <a href="/prices">go</a>`,
		"[x](javascript:alert(1))":            "x)",
		"[x](data:text/html,y) **<script>**":  "x <b>&lt;script&gt;</b>",
		`[a"b](https://x.example/"onclick=y)`: `<a href="https://x.example/&#34;onclick=y">a&#34;b</a>`,
		"2 * 3 ** 4 [not a link]":             "2 * 3 ** 4 [not a link]",
	} {
		if got := string(Rich(text)); got != want {
			t.Errorf("%q is drawn as %s", text, got)
		}
	}
}
