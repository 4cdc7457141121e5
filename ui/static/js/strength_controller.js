// A rough meter for passwords and a button that shows what was typed. The
// server decides what it takes.
import { Controller } from "/static/vendor/stimulus.js"

export default class extends Controller {
  static targets = ["input", "bar", "word", "toggle"]
  static values = { words: Array, show: String, hide: String }

  rate() {
    const level = this.inputTarget.value ? strength(this.inputTarget.value) : ""
    if (this.hasBarTarget) this.barTarget.dataset.level = level
    if (this.hasWordTarget && level !== "") this.wordTarget.textContent = this.wordsValue[level] ?? ""
  }

  toggle() {
    const hidden = this.inputTarget.type === "password"
    this.inputTarget.type = hidden ? "text" : "password"
    const label = this.toggleTarget.querySelector("span")
    if (label) label.textContent = hidden ? this.hideValue : this.showValue
    this.toggleTarget.setAttribute("aria-pressed", hidden)
    this.inputTarget.focus()
  }
}

// Length counts most; few different characters count against it.
function strength(text) {
  if (text.length < 8) return 0
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^\w]/].filter(kind => kind.test(text)).length
  const different = new Set(text.toLowerCase()).size
  let level = 1 + (text.length >= 12) + (text.length >= 16) + (kinds >= 3)
  if (different < 6) level = 1
  return Math.min(4, level)
}
