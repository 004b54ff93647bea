import { composing } from "./composing.js";

// A file seen page by page, from the keyboard: ← → pages, + − size, [ ] turn. Each is a link or button of the page.
const KEYS = {
  ArrowLeft: "before", ArrowRight: "after", "+": "larger", "=": "larger", "-": "smaller", "[": "left", "]": "right",
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || composing(event) || event.defaultPrevented) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  // An enlarged page is moved with the arrows.
  const sheet = event.target.closest?.("[data-sheet]");
  if (sheet && event.key.startsWith("Arrow") && sheet.scrollWidth > sheet.clientWidth) return;
  const way = KEYS[event.key] && document.querySelector(`[data-way="${KEYS[event.key]}"]`);
  if (!way) return;
  event.preventDefault();
  way.click();
});
