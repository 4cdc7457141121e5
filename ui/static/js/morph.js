// A refresh fetches the page again and morphs it into the one shown. It must
// not take away what the person is at: a field, an open menu, a card in hand.
import { session } from "/static/vendor/turbo.js"

let held = 0
let wanted = false
let refused = false // the page is an answer to a form with mistakes; a GET would lose it
const touched = new WeakSet() // forms somebody has written in
const sent = new WeakSet() // forms the server has taken since

// hold puts refreshes off until release, e.g. during a drag.
export function hold() { held++ }
export function release() {
  held = Math.max(0, held - 1)
  if (!held && wanted) refresh()
}

export function refresh() {
  wanted = held > 0
  if (!wanted && !refused) session.refresh(document.baseURI)
}

const field = "input:not([type=checkbox], [type=radio], [type=submit], [type=button]), textarea, select, [contenteditable]"

function typingIn(element) {
  const active = document.activeElement
  return element.contains(active) && active.matches(field)
}

function dirty(element) {
  switch (element.localName) {
    case "select": {
      const preset = [...element.options].some(o => o.defaultSelected)
      return preset ? [...element.options].some(o => o.selected !== o.defaultSelected) : element.selectedIndex > 0
    }
    case "textarea": return element.value !== element.defaultValue
    case "input":
      if (element.type === "file") return element.files.length > 0
      if (element.type === "checkbox" || element.type === "radio") return element.checked !== element.defaultChecked
      return element.value !== element.defaultValue
  }
  return false
}

function keep(element, fresh) {
  if (element.hasAttribute("data-js") || element.matches("dialog[open], :popover-open, td.ed")) return true
  if (sent.has(element) || sent.has(element.form)) return false
  if (touched.has(element)) return true
  if (element.matches("details[open]") && !fresh?.hasAttribute("open")) return true
  return (element.matches("form, turbo-frame") && typingIn(element)) || element === document.activeElement && element.matches(field) || dirty(element)
}

addEventListener("turbo:before-morph-element", event => {
  if (keep(event.target, event.detail.newElement)) event.preventDefault()
})

// data-keep names attributes that a controller has set and the server does not know.
addEventListener("turbo:before-morph-attribute", event => {
  const { target, detail: { attributeName: name } } = event
  const kept = target.dataset.keep?.split(" ") ?? []
  if (name === "data-keep" || kept.includes(name) || (name === "open" && target.localName === "details")) event.preventDefault()
})

addEventListener("turbo:submit-end", ({ target, detail }) => {
  // Accepted or refused, the answer is drawn whole: a refused form comes back with what was typed and what is wrong.
  sent.add(target)
  touched.delete(target)
  if (!target.closest("turbo-frame")) refused = !detail.success
})
addEventListener("input", ({ target }) => {
  const form = target.form ?? target.closest?.("form")
  if (!form || target.matches("[data-list-target]")) return // ticking rows is not writing
  touched.add(form)
  sent.delete(form)
})
addEventListener("turbo:visit", () => { refused = false })
