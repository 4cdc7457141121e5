// One cell of a list as a small form: fetched from the server, sent back to
// it, and shown as the server answers.
import { send, say } from "./send.js"

export async function edit(cell, failed) {
  if (cell.classList.contains("ed") || cell.ariaBusy) return
  const before = cell.innerHTML
  try {
    const response = await busy(cell, send(`${cell.closest("tr").dataset.at}/fields/${cell.dataset.edit}/edit`))
    if (!response.ok) throw response
    show(cell, await response.text(), before, failed)
  } catch {
    say(failed, { bad: true })
  }
}

async function busy(cell, promise) {
  cell.ariaBusy = "true"
  try { return await promise } finally { cell.ariaBusy = null }
}

function show(cell, html, before, failed) {
  cell.innerHTML = html
  cell.classList.add("ed")
  const form = cell.querySelector("form")
  const field = cell.querySelector("input:not([type=hidden]), select, textarea")
  if (!form || !field) return close(cell, before)
  const initial = new URLSearchParams(new FormData(form)).toString()
  const changed = () => new URLSearchParams(new FormData(form)).toString() !== initial
  let done = false
  const finish = save => {
    if (done) return
    done = true
    save && changed() ? post(cell, form, before, failed) : close(cell, before)
  }
  form.addEventListener("submit", event => { event.preventDefault(); finish(true) })
  form.addEventListener("focusout", event => { if (!form.contains(event.relatedTarget)) finish(!cell.querySelector(".err") || changed()) })
  form.addEventListener("change", () => { if (field.localName === "select" && !field.multiple) finish(true) })
  form.addEventListener("keydown", event => {
    event.stopPropagation()
    if (event.key === "Escape") { event.preventDefault(); finish(false); cell.focus() }
    if (event.key === "Enter" && (field.localName !== "textarea" || event.ctrlKey || event.metaKey)) { event.preventDefault(); finish(true); cell.focus() }
  })
  field.focus()
  field.select?.()
}

function close(cell, html) {
  cell.innerHTML = html
  cell.classList.remove("ed")
  cell.tabIndex = -1
}

async function post(cell, form, before, failed) {
  try {
    const response = await busy(cell, send(form.action, { body: new FormData(form) }))
    const html = await response.text()
    if (response.status === 422 || response.status === 409) return show(cell, html, before, failed)
    if (!response.ok) throw response
    close(cell, html)
  } catch {
    close(cell, before)
    say(failed, { bad: true })
  }
}
