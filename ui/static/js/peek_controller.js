// The panel beside a list that shows one record in a Turbo frame.
import { Controller } from "/static/vendor/stimulus.js"
import { free } from "./keys.js"

export default class extends Controller {
  connect() {
    this.frame = this.element.querySelector("turbo-frame")
    this.element.dataset.keep = "hidden"
    this.stop = new AbortController()
    const { signal } = this.stop
    const ours = event => event.target === this.frame
    document.addEventListener("turbo:before-fetch-request", event => { if (ours(event)) this.show() }, { signal })
    document.addEventListener("turbo:frame-load", event => { if (ours(event)) this.loaded() }, { signal })
    document.addEventListener("turbo:frame-missing", event => {
      if (!ours(event)) return
      event.preventDefault()
      event.detail.visit(event.detail.response)
    }, { signal })
    document.addEventListener("turbo:morph", () => this.mark(), { signal })
    document.addEventListener("peek:close", () => this.close(), { signal })
    document.addEventListener("keydown", event => {
      if (event.key === "Escape" && !this.element.hidden && free(event) && !document.querySelector(":popover-open")) this.close()
    }, { signal })
    if (this.frame.childElementCount || this.frame.src) this.loaded()
  }

  disconnect() { this.stop.abort() }

  show() {
    if (this.element.hidden) this.from = document.activeElement
    this.element.hidden = false
  }

  loaded() {
    if (!this.frame.childElementCount) return this.close()
    this.show()
    this.mark()
  }

  mark() {
    for (const old of document.querySelectorAll(".cur")) old.classList.remove("cur")
    if (!this.frame.src || this.element.hidden) return
    for (const link of document.querySelectorAll("a[data-turbo-frame=peek]")) {
      if (link.href === this.frame.src) link.closest("tr, .card, li")?.classList.add("cur")
    }
  }

  close(event) {
    event?.preventDefault()
    if (this.element.hidden) return
    const inside = this.element.contains(document.activeElement)
    const row = document.querySelector(".cur")
    this.element.hidden = true
    this.frame.removeAttribute("src")
    this.frame.removeAttribute("complete")
    this.frame.replaceChildren()
    this.mark()
    if (inside || document.activeElement === document.body) (row?.matches("[tabindex]") ? row : this.from)?.focus()
  }
}
