// Values that may be many: e-mail addresses, phone numbers, lines.
import { Controller } from "/static/vendor/stimulus.js"

export default class extends Controller {
  static targets = ["row", "template"]

  add(event) {
    event.preventDefault()
    this.templateTarget.before(this.templateTarget.content.cloneNode(true))
    this.rowTargets.at(-1)?.querySelector("input, select, textarea")?.focus()
    this.changed()
  }

  remove(event) {
    event.preventDefault()
    event.target.closest("[data-rows-target~=row]")?.remove()
    this.changed()
  }

  // A row more or less is as good as a word typed, e.g. to the dirty controller.
  changed() { this.element.dispatchEvent(new Event("input", { bubbles: true })) }
}
