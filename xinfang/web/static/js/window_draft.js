// What is typed at the window stays on this device only where the person asks for it, and goes when it was sent.
const form = document.querySelector("form[data-device-draft]");
const key = (name) => `xinfang-window-${name}`;

function fields() {
  const own = (control) => control.name && control.name !== "website";
  return [...form.elements].filter((c) => own(c) && !["hidden", "file", "submit"].includes(c.type));
}

function keep(box) {
  if (!box.checked) return;
  const said = fields().map((c) => [c.name, c.type === "checkbox" ? c.checked : c.value]);
  localStorage.setItem(key(form.dataset.deviceDraft), JSON.stringify(said));
}

function bringBack(box) {
  const said = localStorage.getItem(key(form.dataset.deviceDraft));
  if (!said) return;
  box.checked = true;
  // A page that came back with errors holds what was typed last.
  if (document.querySelector(".error-summary")) return;
  for (const [name, value] of JSON.parse(said)) {
    const control = form.elements[name];
    if (!control) continue;
    if (typeof value === "boolean") control.checked = value;
    else control.value = value;
  }
  const folded = form.querySelector("details");
  if (folded && [...folded.querySelectorAll("input, textarea")].some((c) => c.value || c.checked)) folded.open = true;
}

if (form) {
  const choice = form.querySelector("[data-draft-choice]");
  const box = choice.querySelector("input");
  choice.hidden = false;
  bringBack(box);
  form.addEventListener("input", () => keep(box));
  box.addEventListener("change", () => {
    if (box.checked) keep(box);
    else localStorage.removeItem(key(form.dataset.deviceDraft));
  });
}
// The receipt says that it arrived.
if (document.querySelector("[data-receipt]")) localStorage.removeItem(key("submit"));
for (const button of document.querySelectorAll("[data-leave]")) {
  button.addEventListener("click", () => localStorage.clear());
}
