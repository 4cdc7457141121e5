// A one-time code of six digits goes off by itself.
import { Controller } from "/static/vendor/stimulus.js"

export default class extends Controller {
  static targets = ["input"]

  type() {
    const input = this.inputTarget
    input.value = input.value.replace(/\D/g, "").slice(0, 6)
    if (input.value.length < 6 || input.value === this.sent) return
    this.sent = input.value
    input.form.requestSubmit()
  }
}
