// The frame of the application: theme, drawer, palette, keys and toasts.
import { Controller } from "/static/vendor/stimulus.js"
import { free } from "./keys.js"

export default class extends Controller {
  connect() {
    this.stop = new AbortController()
    const { signal } = this.stop
    document.addEventListener("keydown", event => this.key(event), { signal })
    addEventListener("toast", event => this.toast(event.detail), { signal })
  }

  disconnect() { this.stop.abort() }

  theme() {
    const root = document.documentElement
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches
    root.dataset.theme = dark ? "light" : "dark"
    document.cookie = `theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`
  }

  nav(event) {
    event?.preventDefault()
    document.getElementById("side")?.togglePopover()
  }

  palette(event) {
    const dialog = document.querySelector("dialog.pal")
    if (!dialog || event?.ctrlKey || event?.metaKey && event.type === "click") return
    event?.preventDefault()
    document.querySelector("#side:popover-open")?.hidePopover()
    if (!dialog.open) dialog.showModal()
    dialog.querySelector("input")?.focus()
  }

  key(event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !event.shiftKey && !event.altKey) {
      event.preventDefault()
      return this.palette()
    }
    if (!free(event)) return
    if (this.after && Date.now() - this.after < 1200) return this.go(event)
    const act = { "/": () => this.palette(), "?": () => document.querySelector("dialog#keys")?.showModal(),
      j: () => this.step(1), k: () => this.step(-1), g: () => { this.after = Date.now() } }[event.key]
    if (act) { event.preventDefault(); return act() }
    this.press(event)
  }

  go(event) {
    this.after = 0
    const link = document.querySelector(`a[data-go="${CSS.escape(event.key)}"]`)
    if (link) { event.preventDefault(); link.click() }
  }

  press(event) {
    if (event.key.length !== 1) return
    const target = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key)}"]`)].find(e => e.checkVisibility())
    if (!target) return
    event.preventDefault()
    target.matches("input, select, textarea") ? target.focus() : target.click()
  }

  step(by) { document.dispatchEvent(new CustomEvent("step", { detail: by })) }

  toast({ text, bad, undo, label }) {
    const region = document.getElementById("toasts")
    if (!region) return
    const box = document.createElement("div")
    box.className = bad ? "toast bad" : "toast"
    box.dataset.controller = "toast"
    const words = document.createElement("span")
    words.textContent = text
    box.append(words)
    if (undo && label) {
      const button = document.createElement("button")
      button.type = "button"
      button.className = "btn line sm"
      button.textContent = label
      button.onclick = () => { box.remove(); undo() }
      box.append(button)
    }
    region.replaceChildren(box)
  }
}
