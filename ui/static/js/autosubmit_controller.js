// Sends its form as soon as something is chosen.
import { Controller } from "/static/vendor/stimulus.js"

export default class extends Controller {
  go() { (this.element.form ?? this.element.closest("form"))?.requestSubmit() }
}
