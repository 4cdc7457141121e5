// Live pages: one event stream for each tab. A message says only that a topic
// changed; the page then fetches itself, so nobody gets what they may not see.
import { Controller } from "/static/vendor/stimulus.js"
import { isOwn } from "./send.js"
import { refresh } from "./morph.js"

let source, topics = "", state = "wait", timer, sleeper, retry, missed = false

function open() {
  close()
  if (!topics) return
  source = new EventSource("/admin/live?" + new URLSearchParams({ topics }))
  source.onopen = () => {
    show("on")
    if (missed) refresh()
    missed = false
  }
  source.onmessage = ({ data }) => heard(JSON.parse(data))
  source.onerror = () => {
    missed = true
    show("wait")
    // A refusal ends the stream for good; a lost line is taken up by the browser.
    if (source.readyState === EventSource.CLOSED) retry = setTimeout(open, 15000 + Math.random() * 15000)
  }
}

function close() {
  clearTimeout(retry)
  source?.close()
  source = null
}

function heard({ request }) {
  if (isOwn(request) || timer) return
  timer = setTimeout(() => { timer = 0; refresh() }, 300 + Math.random() * 700)
}

function show(now) {
  state = now
  for (const dot of document.querySelectorAll("[data-live-target=dot]")) {
    dot.dataset.keep = "data-state"
    dot.dataset.state = now
    const word = dot.dataset["say" + now[0].toUpperCase() + now.slice(1)]
    if (word) dot.textContent = word
  }
}

document.addEventListener("visibilitychange", () => {
  clearTimeout(sleeper)
  if (document.hidden) sleeper = setTimeout(() => { close(); missed = true; show("off") }, 60000)
  else if (!source) open()
})
addEventListener("pagehide", () => { close(); missed = true })
addEventListener("pageshow", event => { if (event.persisted) open() })
document.addEventListener("turbo:morph", () => show(state))

export default class extends Controller {
  static values = { topics: String }
  static targets = ["dot"]

  topicsValueChanged(now) {
    if (now === topics && source) return show(state)
    topics = now
    open()
  }

  disconnect() {
    // The next page has most often a live element too: look only after it is in place.
    setTimeout(() => {
      if (document.querySelector("[data-controller~=live]")) return
      topics = ""
      close()
    })
  }
}
