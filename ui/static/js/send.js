// Requests of this tab. Each carries an id of ours, so that a live message
// about our own change can be told from one about somebody else's.
const own = new Set()

function newId() {
  const id = Array.from(crypto.getRandomValues(new Uint8Array(12)), b => b.toString(16).padStart(2, "0")).join("")
  own.add(id)
  if (own.size > 200) own.delete(own.values().next().value)
  return id
}

export const isOwn = id => own.has(id)

addEventListener("turbo:before-fetch-request", event => {
  event.detail.fetchOptions.headers["X-Request-Id"] = newId()
})

// send posts when there is a body (an object or FormData, sent form-encoded)
// and gets otherwise.
export function send(url, { body, accept = "text/html", headers = {}, signal } = {}) {
  return fetch(url, {
    method: body ? "POST" : "GET",
    body: body && new URLSearchParams(body),
    headers: { Accept: accept, "X-Request-Id": newId(), ...headers },
    credentials: "same-origin",
    signal,
  })
}

export const say = (text, more = {}) => dispatchEvent(new CustomEvent("toast", { detail: { text, ...more } }))
