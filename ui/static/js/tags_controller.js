// Tags as chips. What is sent stays one input of words with commas, which is
// also what a page without scripts shows.
import { Controller } from "/static/vendor/stimulus.js"

export default class extends Controller {
  static targets = ["input"]
  static values = { remove: String }

  connect() {
    const input = this.inputTarget
    this.box = document.createElement("div")
    this.box.className = "chips-in"
    this.box.dataset.js = ""
    this.typed = document.createElement("input")
    this.typed.setAttribute("list", input.getAttribute("list") ?? "")
    this.typed.autocomplete = "off"
    this.typed.id = input.id
    this.typed.placeholder = input.placeholder
    input.removeAttribute("id")
    input.type = "hidden"
    input.dataset.keep = "type id"
    this.box.append(this.typed)
    input.after(this.box)
    this.box.onclick = event => { if (event.target === this.box) this.typed.focus() }
    this.typed.onkeydown = event => this.key(event)
    this.typed.oninput = () => this.input()
    this.typed.onblur = () => this.add()
    this.draw()
  }

  disconnect() {
    if (!this.box) return
    this.inputTarget.id = this.typed.id
    this.inputTarget.type = "text"
    this.box.remove()
    this.box = null
  }

  get words() { return this.inputTarget.value.split(",").map(w => w.trim()).filter(Boolean) }
  set words(list) {
    this.inputTarget.value = [...new Set(list)].join(", ")
    this.inputTarget.dispatchEvent(new Event("input", { bubbles: true }))
    this.draw()
  }

  draw() {
    this.box.querySelectorAll(".tag").forEach(chip => chip.remove())
    this.typed.before(...this.words.map(word => this.chip(word)))
  }

  chip(word) {
    const chip = document.createElement("span")
    chip.className = "tag"
    const text = document.createElement("bdi")
    text.textContent = word
    const cross = document.createElement("button")
    cross.type = "button"
    cross.textContent = "×"
    cross.ariaLabel = this.removeValue.replace("%s", word)
    cross.onclick = () => { this.words = this.words.filter(w => w !== word); this.typed.focus() }
    chip.append(text, cross)
    return chip
  }

  key(event) {
    if (event.isComposing) return
    if (event.key === "Enter" && this.typed.value.trim()) { event.preventDefault(); this.add() }
    if (event.key === "Backspace" && !this.typed.value) this.words = this.words.slice(0, -1)
  }

  // A comma ends a tag, and so does choosing one from the suggestions.
  input() {
    const offered = [...(this.typed.list?.options ?? [])].some(o => o.value === this.typed.value)
    if (offered || this.typed.value.includes(",")) this.add()
  }

  add() {
    const typed = this.typed.value
    this.typed.value = ""
    if (typed.trim()) this.words = [...this.words, ...typed.split(",").map(w => w.trim()).filter(Boolean)]
  }
}
