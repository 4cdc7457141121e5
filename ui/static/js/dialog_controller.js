// Opens and closes native dialogs. It may sit on the dialog or on an opener.
import { Controller } from "/static/vendor/stimulus.js"

export default class extends Controller {
  connect() {
    this.click = event => { if (event.target === this.element && this.element.localName === "dialog") this.element.close() }
    this.sent = event => { if (event.detail.success && this.element.localName === "dialog") this.element.close() }
    this.element.addEventListener("click", this.click)
    this.element.addEventListener("turbo:submit-end", this.sent)
  }

  disconnect() {
    this.element.removeEventListener("click", this.click)
    this.element.removeEventListener("turbo:submit-end", this.sent)
    if (this.element.localName === "dialog" && this.element.open) this.element.close()
  }

  open(event) {
    const dialog = document.getElementById(event.params.id)
    if (!dialog) return
    event.preventDefault()
    event.target.closest("[popover]")?.hidePopover()
    dialog.showModal() // gives the focus back by itself when it closes
    if (!dialog.querySelector("[autofocus]")) dialog.querySelector(".body :is(input:not([type=hidden]), select, textarea), footer .pri")?.focus()
  }

  close(event) {
    event?.preventDefault()
    this.element.closest("dialog")?.close()
  }
}
