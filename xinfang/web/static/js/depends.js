// Fields that belong to one answer only: [data-when="channel=visit|call"] is shown when the control named
// channel holds one of these; "channel!=visit" when it holds none of them; "channel" when it holds anything.
// Several conditions are joined by "&". Hidden controls are disabled, so they are not sent and not required.

function values(form, name) {
  const found = [];
  for (const control of form.elements) {
    // An answer that is itself hidden counts as not given.
    if (control.name !== name || control.matches(":disabled")) continue;
    if (control.type === "checkbox" || control.type === "radio") {
      if (control.checked) found.push(control.value);
    } else if (control.multiple && control.options) {
      found.push(...[...control.selectedOptions].map((option) => option.value));
    } else if (control.value !== "") {
      found.push(control.value);
    }
  }
  return found;
}

function holds(form, condition) {
  const [, name, operator, wanted] = condition.trim().match(/^([^=!]+)(!?=)?(.*)$/);
  const given = values(form, name.trim());
  if (!operator) return given.length > 0;
  const options = wanted.split("|").map((option) => option.trim());
  const met = given.some((value) => options.includes(value));
  return operator === "=" ? met : !met;
}

function show(part, visible) {
  part.hidden = !visible;
  if ("disabled" in part) {
    part.disabled = !visible;
    return;
  }
  for (const control of part.querySelectorAll("input, select, textarea, button")) {
    // What was disabled by the server stays so.
    if (!visible && !control.disabled) {
      control.disabled = true;
      control.dataset.hiddenByAnswer = "yes";
    } else if (visible && control.dataset.hiddenByAnswer) {
      control.disabled = false;
      delete control.dataset.hiddenByAnswer;
    }
  }
}

function settle(form) {
  // Page order, so that an outer answer is settled before what hangs on it.
  for (const part of form.querySelectorAll("[data-when]")) {
    show(part, part.dataset.when.split("&").every((condition) => holds(form, condition)));
  }
}

export function startDepends(root) {
  const forms = new Set([...(root.querySelectorAll?.("form [data-when]") ?? [])].map((part) => part.closest("form")));
  const own = root.closest?.("form");
  if (own?.querySelector("[data-when]")) forms.add(own);
  forms.forEach(settle);
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form");
  if (form?.querySelector("[data-when]")) settle(form);
});
document.addEventListener("reset", (event) => setTimeout(() => settle(event.target)));
addEventListener("pageshow", () => startDepends(document));
