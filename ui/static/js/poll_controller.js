// Asks for the page again and again while its element is there: the server
// leaves it out when the work is done.
import { Controller } from "/static/vendor/stimulus.js"
import { refresh } from "./morph.js"

export default class extends Controller {
  static values = { seconds: { type: Number, default: 3 } }

  connect() {
    this.timer = setInterval(() => { if (!document.hidden) refresh() }, this.secondsValue * 1000)
  }

  disconnect() { clearInterval(this.timer) }
}
