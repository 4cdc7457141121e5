// Rows: choosing many, walking with keys, changing a cell in place.
import { Controller } from "/static/vendor/stimulus.js"
import { free, rtl } from "./keys.js"
import { edit } from "./cell.js"

export default class extends Controller {
  static targets = ["box", "all", "bulk", "count", "row"]
  static values = { failed: String }

  connect() {
    this.stop = new AbortController()
    const { signal } = this.stop
    this.element.addEventListener("dblclick", event => this.dblclick(event), { signal })
    this.element.addEventListener("keydown", event => this.key(event), { signal })
    document.addEventListener("step", event => this.step(event.detail), { signal })
    document.addEventListener("turbo:morph", () => this.update(), { signal })
    this.update()
  }

  disconnect() { this.stop.abort() }

  bulkTargetConnected(bulk) { bulk.dataset.keep = "hidden" }

  toggle(event) {
    const boxes = this.boxTargets
    const from = boxes.indexOf(this.last), to = boxes.indexOf(event.target)
    if (event.shiftKey && from >= 0) {
      for (const box of boxes.slice(Math.min(from, to), Math.max(from, to) + 1)) box.checked = event.target.checked
    }
    this.last = event.target
    this.update()
  }

  all(event) {
    for (const box of this.boxTargets) box.checked = event.target.checked
    this.update()
  }

  clear() {
    for (const box of this.boxTargets) box.checked = false
    this.update()
  }

  update() {
    const n = this.boxTargets.filter(box => box.checked).length
    for (const box of this.boxTargets) {
      const row = box.closest("tr")
      row.dataset.keep = "aria-selected"
      box.checked ? row.setAttribute("aria-selected", "true") : row.removeAttribute("aria-selected")
    }
    if (this.hasBulkTarget) this.bulkTarget.hidden = !n
    if (this.hasCountTarget) this.countTarget.textContent = n
    if (this.hasAllTarget) {
      this.allTarget.checked = n > 0 && n === this.boxTargets.length
      this.allTarget.indeterminate = n > 0 && n < this.boxTargets.length
    }
  }

  step(by) {
    const rows = this.rowTargets
    const at = rows.indexOf(document.activeElement?.closest("tr"))
    const row = rows[at < 0 ? Math.max(0, rows.findIndex(r => r.classList.contains("cur"))) : at + by]
    row?.focus()
    row?.scrollIntoView({ block: "nearest" })
  }

  key(event) {
    const row = event.target.closest("tr"), cell = event.target.closest("td[data-edit]")
    if (!row || !this.rowTargets.includes(row) || cell?.classList.contains("ed") || !free(event)) return
    const act = {
      ArrowDown: () => this.step(1), ArrowUp: () => this.step(-1),
      ArrowRight: () => this.side(row, rtl() ? -1 : 1), ArrowLeft: () => this.side(row, rtl() ? 1 : -1),
      Enter: () => event.target === cell ? this.edit(cell) : event.target === row && this.open(row),
      F2: () => cell && this.edit(cell), o: () => this.open(row), x: () => this.mark(row), Escape: () => this.escape(row, event.target),
    }[event.key]
    if (!act || (event.key === "Enter" && event.target.closest("a, button, input"))) return
    event.preventDefault()
    act()
  }

  side(row, by) {
    const stops = [row, ...row.querySelectorAll("td[data-edit]")]
    const next = stops[stops.indexOf(document.activeElement) + by]
    if (!next) return
    next.tabIndex = -1
    next.focus()
  }

  open(row) { row.querySelector("a[data-turbo-frame], td a")?.click() }

  mark(row) {
    const box = this.boxTargets.find(b => row.contains(b))
    if (!box) return
    box.checked = !box.checked
    this.last = box
    this.update()
  }

  escape(row, at) {
    if (at !== row) return row.focus()
    if (this.boxTargets.some(box => box.checked)) return this.clear()
    document.dispatchEvent(new CustomEvent("peek:close"))
  }

  dblclick(event) {
    const cell = event.target.closest("td[data-edit]")
    if (cell && !event.target.closest("a")) this.edit(cell)
  }

  edit(cell) { edit(cell, this.failedValue) }
}
