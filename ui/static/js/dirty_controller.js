// Asks before a changed form is left.
import { Controller } from "/static/vendor/stimulus.js"

export default class extends Controller {
  static values = { message: String }

  connect() {
    this.stop = new AbortController()
    const { signal } = this.stop
    this.changed = this.element.querySelector(".field.bad") !== null
    this.element.addEventListener("input", () => { this.changed = true }, { signal })
    this.element.addEventListener("submit", () => { this.sending = true }, { signal })
    this.element.addEventListener("turbo:submit-end", event => {
      this.sending = false
      if (event.detail.success) this.changed = false
    }, { signal })
    addEventListener("beforeunload", event => { if (this.changed && !this.sending) event.preventDefault() }, { signal })
    document.addEventListener("turbo:before-visit", event => {
      if (!this.changed || this.sending || event.detail.url === document.baseURI) return
      if (!confirm(this.messageValue)) event.preventDefault()
    }, { signal })
  }

  disconnect() { this.stop.abort() }
}
