import { composing } from "./composing.js";

// Keys for who works all day: j and k move in table[data-rows], Enter opens, b follows [data-act] of the row, /
// searches, ? explains.
// A link with data-key="r" is followed when r is pressed. Nothing happens while somebody types.

function typing(target) {
  return target instanceof Element
    && target.closest("input, textarea, select, [contenteditable], dialog[open]") !== null;
}

function rows() {
  return [...document.querySelectorAll("table[data-rows] tbody tr")].filter((row) => row.querySelector("a[href]"));
}

function current() {
  return document.activeElement?.closest("table[data-rows] tbody tr")
    ?? document.querySelector("table[data-rows] tr.at");
}

function move(step) {
  const all = rows();
  if (all.length === 0) return;
  const from = all.indexOf(current());
  const to = from < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(from + step, 0), all.length - 1);
  for (const row of all) row.classList.toggle("at", row === all[to]);
  all[to].querySelector("a[href]").focus();
  all[to].scrollIntoView({ block: "nearest" });
}

function linkFor(key) {
  // The navigation is drawn twice (side and folded menu); either will do.
  return [...document.querySelectorAll("a[data-key]")].find((link) => link.dataset.key === key);
}

function explain() {
  const dialog = document.getElementById("keys-dialog");
  if (dialog && !dialog.open) dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || composing(event)) return;
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const search = document.querySelector("[data-search]");
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "/" && search) {
    search.focus();
    search.select();
  }
  else if (event.key === "?") explain();
  else if (event.key === "Enter" && event.target === document.body && current()) {
    current().querySelector("a[href]").click();
  }
  else if (event.key === "b" && current()?.querySelector("a[data-act]")) {
    current().querySelector("a[data-act]").click();
  }
  else if (event.key.length === 1 && linkFor(event.key)) linkFor(event.key).click();
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-keys-help]")) explain();
});
