// Cards between columns, by pointer or Shift+arrows. A move is shown at once
// and put back if the server refuses it: the server is right.
import { Controller } from "/static/vendor/stimulus.js"
import Sortable from "/static/vendor/sortable.js"
import { send, say } from "./send.js"
import { hold, release } from "./morph.js"
import { free, rtl } from "./keys.js"

export default class extends Controller {
  static targets = ["list"]
  static values = { moved: String, undo: String, undone: String, failed: String }

  initialize() { this.queue = Promise.resolve() }

  connect() {
    this.click = event => this.open(event)
    this.step = event => this.first(event)
    this.element.addEventListener("click", this.click)
    document.addEventListener("step", this.step)
  }

  disconnect() {
    this.element.removeEventListener("click", this.click)
    document.removeEventListener("step", this.step)
  }

  listTargetConnected(list) {
    list.sortable = Sortable.create(list, {
      group: "cards", draggable: ".card", filter: "[data-board-fixed]", preventOnFilter: false,
      animation: 140, delay: 120, delayOnTouchOnly: true, forceFallback: true, fallbackOnBody: true, fallbackTolerance: 4,
      onStart: ({ item, from }) => { hold(); this.origin = { list: from, before: item.nextElementSibling } },
      onEnd: ({ item, from, to, oldIndex, newIndex }) => {
        if (from !== to || oldIndex !== newIndex) this.save(item, this.origin)
        release()
      },
    })
  }

  listTargetDisconnected(list) { list.sortable?.destroy() }

  open(event) {
    const card = event.target.closest(".card")
    if (!card || event.target.closest("a, button, input, label, summary")) return
    card.querySelector("a")?.click()
  }

  first({ detail }) {
    const cards = [...this.element.querySelectorAll(".card")]
    const at = cards.indexOf(document.activeElement)
    cards[at < 0 ? 0 : at + detail]?.focus()
  }

  key(event) {
    const card = event.currentTarget
    if (event.target !== card || !free(event)) return
    if (event.key === "Enter" || event.key === "o") { event.preventDefault(); return card.querySelector("a")?.click() }
    const across = { ArrowRight: rtl() ? -1 : 1, ArrowLeft: rtl() ? 1 : -1 }[event.key]
    const along = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!across && !along) return
    event.preventDefault()
    const list = card.parentElement
    const beside = across && this.listTargets[this.listTargets.indexOf(list) + across]
    if (event.shiftKey) return this.shift(card, list, beside, along)
    const target = along ? (along > 0 ? card.nextElementSibling : card.previousElementSibling) : beside?.querySelector(".card")
    target?.focus()
  }

  shift(card, list, beside, along) {
    if ("boardFixed" in card.dataset) return
    const origin = { list, before: card.nextElementSibling }
    if (beside) beside.prepend(card)
    else if (along > 0 && card.nextElementSibling) card.nextElementSibling.after(card)
    else if (along < 0 && card.previousElementSibling) card.previousElementSibling.before(card)
    else return
    card.focus()
    this.save(card, origin)
  }

  // save tells the server one move after the other, as each needs the version
  // that the one before it made.
  save(card, origin) {
    const list = card.parentElement
    const body = { value: list.dataset.value, before: card.nextElementSibling?.dataset.id ?? "" }
    this.count(origin.list, -1)
    this.count(list, 1)
    hold()
    this.queue = this.queue.then(() => this.post(card, body))
      .then(answer => { if (origin.list !== list) this.told(card, list, answer.undo) })
      .catch(error => this.back(card, list, origin, error))
      .finally(release)
  }

  async post(card, body) {
    card.setAttribute("aria-busy", "true")
    try {
      const response = await send(card.dataset.move, { body: { ...body, version: card.dataset.version }, accept: "application/json" })
      const answer = await response.json().catch(() => ({}))
      if (!response.ok) throw new Error(answer.message || this.failedValue)
      card.dataset.version = answer.version
      answer.columns?.forEach(column => this.total(column))
      return answer
    } finally {
      card.removeAttribute("aria-busy")
    }
  }

  told(card, list, undo) {
    say(this.movedValue.replace("%s", list.dataset.name), undo && { label: this.undoValue, undo: () => this.undo(card, undo) })
  }

  undo(card, to) {
    const now = { list: card.parentElement, before: card.nextElementSibling }
    const list = this.listTargets.find(l => l.dataset.value === String(to.value))
    if (!list) return
    list.insertBefore(card, [...list.children].find(c => c.dataset.id === String(to.before)) ?? null)
    this.count(now.list, -1)
    this.count(list, 1)
    this.queue = this.queue.then(() => this.post(card, { value: to.value, before: to.before ?? "" }))
      .then(() => say(this.undoneValue))
      .catch(error => this.back(card, list, now, error))
  }

  back(card, list, origin, error) {
    origin.list.insertBefore(card, origin.before?.parentElement === origin.list ? origin.before : null)
    this.count(list, -1)
    this.count(origin.list, 1)
    say(error instanceof TypeError ? this.failedValue : error.message, { bad: true })
  }

  count(list, by) {
    const n = list.closest(".col").querySelector(".n")
    if (n && /^\d+$/.test(n.textContent.trim())) n.textContent = +n.textContent + by
  }

  total({ value, count, sum }) {
    const column = this.listTargets.find(l => l.dataset.value === String(value))?.closest(".col")
    if (!column) return
    if (count != null && column.querySelector(".n")) column.querySelector(".n").textContent = count
    if (sum != null && column.querySelector(".s")) column.querySelector(".s").textContent = sum
  }
}
