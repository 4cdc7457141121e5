// Search and commands in one box. The server renders what is found; here is
// only the walking through it.
import { Controller } from "/static/vendor/stimulus.js"
import { send } from "./send.js"

export default class extends Controller {
  static targets = ["input", "frame"]
  static values = { url: String }

  connect() {
    this.first = this.frameTarget.innerHTML
    this.closed = () => this.reset()
    this.click = event => this.clicked(event)
    this.element.addEventListener("close", this.closed)
    this.element.addEventListener("click", this.click)
    this.select(this.options[0])
  }

  disconnect() {
    this.element.removeEventListener("close", this.closed)
    this.element.removeEventListener("click", this.click)
    this.abort()
  }

  get options() { return [...this.frameTarget.querySelectorAll("[role=option]")] }
  get chosen() { return this.options.find(o => o.ariaSelected === "true") }

  reset() {
    this.abort()
    this.inputTarget.value = ""
    this.show(this.first)
  }

  abort() {
    clearTimeout(this.timer)
    this.running?.abort()
  }

  search() {
    this.abort()
    const words = this.inputTarget.value.trim()
    if (!words) return this.show(this.first)
    this.timer = setTimeout(() => this.fetch(words), 120)
  }

  async fetch(words) {
    this.running = new AbortController()
    const { signal } = this.running
    try {
      const response = await send(`${this.urlValue}?${new URLSearchParams({ q: words })}`, { headers: { "Turbo-Frame": "palette" }, signal })
      const page = new DOMParser().parseFromString(await response.text(), "text/html")
      const frame = page.querySelector("turbo-frame#palette")
      if (frame && !signal.aborted) this.show(frame.innerHTML)
    } catch (error) {
      if (error.name !== "AbortError") throw error
    }
  }

  show(html) {
    this.frameTarget.innerHTML = html
    this.select(this.options[0])
  }

  select(option) {
    this.options.forEach((o, i) => { o.ariaSelected = String(o === option); o.id ||= `palette-${i}` })
    option ? this.inputTarget.setAttribute("aria-activedescendant", option.id) : this.inputTarget.removeAttribute("aria-activedescendant")
    option?.scrollIntoView({ block: "nearest" })
  }

  key(event) {
    if (event.isComposing) return
    const all = this.options, at = all.indexOf(this.chosen)
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (by && all.length) {
      event.preventDefault()
      this.select(all[(at + by + all.length) % all.length])
    } else if (event.key === "Enter") {
      event.preventDefault()
      const target = this.chosen?.closest("a, button") ?? this.chosen?.querySelector("a, button")
      const { ctrlKey, metaKey } = event
      target?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey, metaKey }))
    }
  }

  clicked(event) {
    if (event.target === this.element || event.target.closest("a, .res button")) this.element.close()
  }
}
