// A dialog that shows the form of another page. Its links name the frame in it; without scripts they lead to that page.
import { Controller } from "/static/vendor/stimulus.js"

export default class extends Controller {
  connect() {
    this.frame = this.element.querySelector("turbo-frame")
    this.stop = new AbortController()
    const { signal } = this.stop
    const ours = event => event.target === this.frame
    document.addEventListener("turbo:before-fetch-request", event => {
      if (ours(event)) for (const open of document.querySelectorAll(":popover-open")) open.hidePopover()
    }, { signal })
    document.addEventListener("turbo:frame-load", event => { if (ours(event)) this.show() }, { signal })
    document.addEventListener("turbo:frame-missing", event => {
      if (!ours(event)) return
      event.preventDefault()
      event.detail.visit(event.detail.response)
    }, { signal })
    this.element.addEventListener("close", () => this.clear(), { signal })
    this.element.addEventListener("click", event => { if (event.target === this.element) this.element.close() }, { signal })
  }

  disconnect() {
    this.stop.abort()
    if (this.element.open) this.element.close()
  }

  show() {
    if (!this.frame.childElementCount) return
    if (!this.element.open) this.element.showModal() // gives the focus back by itself when it closes
    this.frame.querySelector(":is(input:not([type=hidden]), select, textarea), button.pri")?.focus()
  }

  close(event) {
    event?.preventDefault()
    this.element.close()
  }

  clear() {
    this.frame.removeAttribute("src")
    this.frame.removeAttribute("complete")
    this.frame.replaceChildren()
  }
}
