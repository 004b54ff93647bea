// [data-phrases-for="ID"] holds buttons [data-phrase]: a press writes its words into the control of this id, in place
// of what the form began with or of another phrase, else behind what was typed. Shown only where this script runs.
function startPhrases(root) {
  for (const bar of root.querySelectorAll?.("[data-phrases-for]") ?? []) bar.hidden = false;
}

function write(control, words, all) {
  const now = control.value.trim();
  const untouched = !now || now === control.defaultValue.trim() || all.includes(now);
  control.value = untouched ? words : `${control.value.trimEnd()}\n${words}`;
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-phrase]");
  const bar = button?.closest("[data-phrases-for]");
  const control = bar && button.form?.elements[bar.dataset.phrasesFor];
  if (!control) return;
  const words = button.textContent.trim();
  write(control, words, [...bar.querySelectorAll("[data-phrase]")].map((one) => one.textContent.trim()));
});

startPhrases(document);
document.addEventListener("htmx:load", (event) => startPhrases(event.target));
