// Beside the registration form: what a machine read is taken over piece by piece, by the person who compared it.
// button[data-fill="subject|body"] or [data-fill-person="name|phone|…"]; its words are in the element data-from names.
const form = document.getElementById("register-form");

function say(button, words, filled) {
  const status = button.parentElement.querySelector("[role=status]");
  status.textContent = words;
  if (filled) button.disabled = true;
}

function put(control, value) {
  control.value = value;
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

function ticks(button) {
  const box = button.closest("[data-scan]")?.querySelector("input[name=scan]");
  if (box && !box.checked) box.click();
}

function fill(button, value) {
  const control = form.elements[button.dataset.fill];
  const now = control.value.trim();
  if (now && !now.includes(value) && control.tagName !== "TEXTAREA") return say(button, "事由已有文字，没有改动。要换用，请先清空。", false);
  if (!now.includes(value)) put(control, now ? `${now}\n${value}` : value);
  say(button, "已填入，请通读核对。", true);
  return ticks(button);
}

function fillPerson(button, value) {
  const ending = `-${button.dataset.fillPerson}`;
  const controls = [...form.elements].filter(
    (one) => one.name.startsWith("persons-") && one.name.endsWith(ending) && !one.disabled,
  );
  const free = controls.find((one) => !one.value.trim());
  if (!free) return say(button, "信访人的这一栏已有内容，没有改动。另有他人的，请先加一行。", false);
  const anonymous = form.elements.anonymous;
  if (anonymous?.checked) anonymous.click();
  put(free, value);
  // Some of a person's fields are folded away: what was filled must be seen.
  for (let at = free.parentElement; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  say(button, "已核对，已填入。", true);
  return ticks(button);
}

function start(root) {
  for (const button of root.querySelectorAll?.("button[data-fill], button[data-fill-person]") ?? []) {
    button.hidden = false;
  }
}

if (form) {
  start(document);
  document.addEventListener("htmx:load", (event) => start(event.target));
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-fill], button[data-fill-person]");
    if (!button) return;
    const value = document.getElementById(button.dataset.from).textContent.trim();
    if (button.dataset.fill) fill(button, value);
    else fillPerson(button, value);
  });
}
