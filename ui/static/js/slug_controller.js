// Is the name still free? Asked while typing; proposed from the company's name
// until somebody writes their own.
import { Controller } from "/static/vendor/stimulus.js"
import { send } from "./send.js"

export default class extends Controller {
  static targets = ["company", "name", "answer"]
  static values = { url: String }

  connect() { this.touched = this.nameTarget.value !== "" }

  disconnect() {
    clearTimeout(this.timer)
    this.running?.abort()
  }

  company() {
    if (this.touched) return
    this.nameTarget.value = slug(this.companyTarget.value)
    this.ask()
  }

  name() {
    this.touched = this.nameTarget.value !== ""
    this.ask()
  }

  // Takes one of the suggestions.
  pick(event) {
    event.preventDefault()
    this.nameTarget.value = event.params.name
    this.touched = true
    this.ask()
  }

  ask() {
    clearTimeout(this.timer)
    this.running?.abort()
    const name = this.nameTarget.value.trim()
    if (!name) return this.answerTarget.replaceChildren()
    this.timer = setTimeout(() => this.fetch(name), 250)
  }

  async fetch(name) {
    this.running = new AbortController()
    try {
      const response = await send(`${this.urlValue}?${new URLSearchParams({ name })}`, { signal: this.running.signal })
      if (response.ok) this.answerTarget.innerHTML = await response.text()
    } catch (error) {
      if (error.name !== "AbortError") throw error
    }
  }
}

function slug(text) {
  return text.toLowerCase().replace(/ß/g, "ss").replace(/æ/g, "ae").replace(/ø/g, "o").normalize("NFKD")
    .replace(/\p{M}/gu, "").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 32).replace(/-+$/, "")
}
