// A short word about what was done. It leaves by itself, but not from under a
// pointer or the focus.
import { Controller } from "/static/vendor/stimulus.js"

const stay = 6000

export default class extends Controller {
  connect() {
    const region = document.getElementById("toasts")
    if (region && !region.contains(this.element)) {
      region.append(this.element) // connects again there, and is announced
      return
    }
    this.stop = new AbortController()
    const { signal } = this.stop
    for (const name of ["pointerenter", "focusin"]) this.element.addEventListener(name, () => clearTimeout(this.timer), { signal })
    for (const name of ["pointerleave", "focusout"]) this.element.addEventListener(name, () => this.wait(), { signal })
    this.element.addEventListener("turbo:submit-end", () => this.element.remove(), { signal })
    this.wait()
  }

  disconnect() {
    this.stop?.abort()
    clearTimeout(this.timer)
  }

  wait() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.element.remove(), stay)
  }
}
