// Puts a popover by its button where the browser cannot do so by itself.
import { Controller } from "/static/vendor/stimulus.js"
import { rtl } from "./keys.js"

const gap = 5, edge = 8

export default class extends Controller {
  connect() {
    this.toggled = event => {
      if (event.newState === "open" && !CSS.supports("position-area: block-end")) this.place()
    }
    this.key = event => this.walk(event)
    this.element.addEventListener("toggle", this.toggled)
    this.element.addEventListener("keydown", this.key)
  }

  disconnect() {
    this.element.removeEventListener("toggle", this.toggled)
    this.element.removeEventListener("keydown", this.key)
  }

  place() {
    const button = [...document.querySelectorAll(`[popovertarget="${CSS.escape(this.element.id)}"]`)].find(b => b.checkVisibility())
    if (!button) return
    const at = button.getBoundingClientRect(), box = this.element.getBoundingClientRect()
    const fromRight = rtl() !== this.element.classList.contains("end")
    const left = fromRight ? at.right - box.width : at.left
    const below = at.bottom + gap
    const top = below + box.height > innerHeight - edge && at.top - gap - box.height > edge ? at.top - gap - box.height : below
    this.element.style.left = `${Math.max(edge, Math.min(left, innerWidth - box.width - edge))}px`
    this.element.style.top = `${Math.max(edge, Math.min(top, innerHeight - box.height - edge))}px`
  }

  walk(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!by || event.target.matches("input, select, textarea")) return
    const items = [...this.element.querySelectorAll("a, button")].filter(i => i.checkVisibility())
    event.preventDefault()
    items[(items.indexOf(document.activeElement) + by + items.length) % items.length]?.focus()
  }
}
