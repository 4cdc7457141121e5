// After an @ in a text: who may be meant.
import { Controller } from "/static/vendor/stimulus.js"

export default class extends Controller {
  static targets = ["text"]
  static values = { people: Array, label: String }

  textTargetConnected(text) {
    text.addEventListener("input", () => this.look())
    text.addEventListener("keydown", event => this.key(event))
    text.addEventListener("blur", () => this.close())
  }

  disconnect() { this.close() }

  look() {
    const text = this.textTarget
    const match = /(?:^|\s)@([\p{L}\p{N}._-]*)$/u.exec(text.value.slice(0, text.selectionStart))
    const start = match?.[1].toLowerCase()
    const found = match ? this.peopleValue.filter(p => p.name.toLowerCase().split(" ").some(part => part.startsWith(start))).slice(0, 6) : []
    if (!found.length) return this.close()
    this.typed = match[1].length + 1
    this.open(found)
  }

  open(people) {
    this.close()
    const list = document.createElement("ul")
    list.className = "suggest"
    list.id = "mention-list"
    list.role = "listbox"
    list.ariaLabel = this.labelValue
    list.dataset.js = ""
    list.append(...people.map((person, i) => this.option(person, i)))
    this.element.append(list)
    this.list = list
    this.at = 0
    const box = this.textTarget.getBoundingClientRect()
    list.style.left = `${Math.max(8, Math.min(box.left, innerWidth - list.offsetWidth - 8))}px`
    const above = box.top - list.offsetHeight - 8
    list.style.top = `${above > 8 ? above : box.bottom + 8}px`
    this.select(0)
  }

  option(person, i) {
    const li = document.createElement("li")
    li.role = "option"
    li.id = `mention-${i}`
    li.textContent = person.name
    li.onpointerdown = event => { event.preventDefault(); this.choose(person.name) }
    return li
  }

  select(i) {
    const options = [...this.list.children]
    this.at = (i + options.length) % options.length
    options.forEach((o, n) => { o.ariaSelected = String(n === this.at) })
    this.textTarget.setAttribute("aria-activedescendant", options[this.at].id)
  }

  key(event) {
    if (!this.list || event.isComposing) return
    const act = {
      ArrowDown: () => this.select(this.at + 1), ArrowUp: () => this.select(this.at - 1),
      Enter: () => this.choose(this.list.children[this.at].textContent), Tab: () => this.choose(this.list.children[this.at].textContent),
      Escape: () => this.close(),
    }[event.key]
    if (!act || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    event.stopPropagation()
    act()
  }

  choose(name) {
    const text = this.textTarget, end = text.selectionStart
    text.setRangeText(`@${name} `, end - this.typed, end, "end")
    this.close()
  }

  close() {
    this.list?.remove()
    this.list = null
    if (this.hasTextTarget) this.textTarget.removeAttribute("aria-activedescendant")
  }
}
