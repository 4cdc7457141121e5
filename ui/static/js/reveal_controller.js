// Shows the parts of a form that belong to what was chosen above them.
import { Controller } from "/static/vendor/stimulus.js"

export default class extends Controller {
  static targets = ["by", "part"]

  connect() { this.show() }

  get value() {
    const [first] = this.byTargets
    if (first?.type === "radio") return this.byTargets.find(b => b.checked)?.value ?? ""
    if (first?.type === "checkbox") return first.checked ? "on" : ""
    return first?.value ?? ""
  }

  show() {
    const value = this.value
    for (const part of this.partTargets) {
      part.dataset.keep = "hidden"
      part.hidden = !part.dataset.when.split(" ").includes(value)
      // A hidden field is not sent and cannot hold the form back.
      for (const field of part.querySelectorAll("input, select, textarea")) field.disabled = part.hidden
    }
  }
}
