// A form on its way: its button is busy, and nobody sends it twice.
// Ctrl or ⌘ with Enter sends from any field.
import { Controller } from "/static/vendor/stimulus.js"

export default class extends Controller {
  connect() {
    this.stop = new AbortController()
    const { signal } = this.stop
    this.element.addEventListener("submit", event => this.start(event), { signal })
    this.element.addEventListener("turbo:submit-end", () => this.end(), { signal })
    this.element.addEventListener("keydown", event => this.key(event), { signal })
    addEventListener("pageshow", () => this.end(), { signal })
  }

  disconnect() {
    this.stop.abort()
    this.end()
  }

  start(event) {
    if (event.target !== this.element) return
    if (this.busy) return event.preventDefault()
    // Later listeners may still call the submission off.
    queueMicrotask(() => {
      if (event.defaultPrevented && this.element.dataset.turbo === "false") return
      this.busy = event.submitter ?? this.element.querySelector("button:not([type=button])")
      this.busy?.setAttribute("aria-busy", "true")
    })
  }

  end() {
    this.busy?.removeAttribute("aria-busy")
    this.busy = null
  }

  key(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return
    event.preventDefault()
    this.element.requestSubmit()
  }
}
