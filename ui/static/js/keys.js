// A key pressed while somebody writes, or together with Ctrl, is not ours.
const writing = "input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable]"

export function free(event) {
  return !(event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing ||
    event.target.closest?.(writing) || document.querySelector("dialog[open]"))
}

export const rtl = () => document.documentElement.dir === "rtl"
