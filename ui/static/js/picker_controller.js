import { Controller } from '/static/vendor/stimulus.js'

// Suggests records while somebody types the name of one to link.
export default class extends Controller {
  static targets = ['q', 'list']
  static values = { url: String }

  ask() {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.fetch(), 150)
  }

  disconnect() {
    clearTimeout(this.timer)
  }

  async fetch() {
    const q = this.qTarget.value.trim()
    if (q.length < 2 || q.includes('#')) return
    const answer = await fetch(`${this.urlValue}?q=${encodeURIComponent(q)}`, { headers: { Accept: 'text/html' } })
    if (answer.ok) this.listTarget.innerHTML = await answer.text()
  }
}
