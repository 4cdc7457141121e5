package ui

import (
	"html/template"
	"text/template/parse"
)

// settle replaces what is the same each time a page is drawn in a language by its text: messages without values and
// icons. They are most of what a page calls, and calling is what templates are slow at.
func settle(t *template.Template, words *Words) {
	for _, part := range t.Templates() {
		if part.Tree != nil {
			settleList(part.Tree.Root, words)
		}
	}
}

func settleList(list *parse.ListNode, words *Words) {
	if list == nil {
		return
	}
	for i, node := range list.Nodes {
		switch n := node.(type) {
		case *parse.ActionNode:
			if text, ok := constantText(n, words); ok {
				list.Nodes[i] = &parse.TextNode{NodeType: parse.NodeText, Pos: n.Pos, Text: []byte(text)}
			}
		case *parse.IfNode:
			settleList(n.List, words)
			settleList(n.ElseList, words)
		case *parse.RangeNode:
			settleList(n.List, words)
			settleList(n.ElseList, words)
		case *parse.WithNode:
			settleList(n.List, words)
			settleList(n.ElseList, words)
		}
	}
}

// constantText is what {{.T "words"}} or {{icon "name"}} says. The text is escaped, which is right between tags
// and in attributes in double quotes; messages stand nowhere else.
func constantText(n *parse.ActionNode, words *Words) (string, bool) {
	if len(n.Pipe.Decl) > 0 || len(n.Pipe.Cmds) != 1 || len(n.Pipe.Cmds[0].Args) != 2 {
		return "", false
	}
	args := n.Pipe.Cmds[0].Args
	value, ok := args[1].(*parse.StringNode)
	if !ok {
		return "", false
	}
	switch f := args[0].(type) {
	case *parse.FieldNode:
		ok = len(f.Ident) == 1 && f.Ident[0] == "T"
	case *parse.VariableNode:
		ok = len(f.Ident) == 2 && f.Ident[0] == "$" && f.Ident[1] == "T"
	case *parse.IdentifierNode:
		var h HTML
		return string(h.Icon(value.Text).String()), f.Ident == "icon"
	default:
		ok = false
	}
	return template.HTMLEscapeString(words.T(value.Text)), ok
}
