// Copies a text and says so on the button.
import { Controller } from "/static/vendor/stimulus.js"

export default class extends Controller {
  static targets = ["source", "label"]
  static values = { done: String }

  async copy() {
    const source = this.sourceTarget
    const text = "value" in source ? source.value : source.innerText
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      select(source)
      document.execCommand("copy") // pages without https have no clipboard
    }
    if (!this.hasLabelTarget) return
    this.was ??= this.labelTarget.textContent
    this.labelTarget.textContent = this.doneValue
    clearTimeout(this.timer)
    this.timer = setTimeout(() => { this.labelTarget.textContent = this.was }, 1800)
  }

  disconnect() { clearTimeout(this.timer) }
}

function select(element) {
  if (element.select) return element.select()
  getSelection().selectAllChildren(element)
}
