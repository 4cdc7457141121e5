// What every page loads: Turbo, Stimulus and the rules that both follow here.
// A controller's file is fetched when a page first names it in data-controller.
import { config } from "/static/vendor/turbo.js"
import { Application } from "/static/vendor/stimulus.js"
import "./js/send.js"
import "./js/morph.js"

// The page shows its own bar (html[aria-busy] in the style sheet).
config.drive.progressBarDelay = 2 ** 31 - 1

const app = Application.start()
const asked = new Set()

function load(root) {
  if (root.dataset?.controller) need(root)
  root.querySelectorAll?.("[data-controller]").forEach(need)
}

function need(element) {
  for (const name of element.dataset.controller.split(/\s+/)) {
    if (!name || asked.has(name)) continue
    asked.add(name)
    import(`./js/${name}_controller.js`)
      .then(module => app.register(name, module.default))
      .catch(error => { asked.delete(name); console.error(name, error) })
  }
}

new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(load)))
  .observe(document.documentElement, { childList: true, subtree: true })
load(document.documentElement)
