// Conditions of a filter: rows are added from a template; another field brings
// its own operators and values from the server.
import { Controller } from "/static/vendor/stimulus.js"
import { send } from "./send.js"

export default class extends Controller {
  static targets = ["rows", "row", "line"]
  static values = { url: String }

  add() {
    this.rowsTarget.append(this.rowTarget.content.cloneNode(true))
    this.lineTargets.at(-1)?.querySelector("select, input")?.focus()
  }

  remove(event) {
    event.preventDefault()
    event.target.closest("[data-filter-target~=line]")?.remove()
  }

  async field(event) {
    const line = event.target.closest("[data-filter-target~=line]")
    const response = await send(`${this.urlValue}?${new URLSearchParams({ field: event.target.value })}`)
    if (!response.ok) return
    const fresh = document.createElement("template")
    fresh.innerHTML = await response.text()
    const row = fresh.content.firstElementChild
    if (!row) return
    line.replaceWith(row)
    row.querySelectorAll("select, input")[1]?.focus()
  }
}
