import { composing } from "./composing.js";

// Registering by keyboard: Enter goes to the next field instead of sending a half-filled form; Ctrl+Enter sends it.
const form = document.querySelector("form[data-enter-moves]");

function typed(element) {
  return element.matches("input:not([type=checkbox]):not([type=radio]):not([type=hidden]), select");
}

if (form) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || composing(event) || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button[type=submit]"));
      return;
    }
    const here = event.target;
    if (!(here instanceof HTMLElement) || !(typed(here) || here.matches("input"))) return;
    event.preventDefault();
    const stops = [...form.elements].filter((control) =>
      !control.disabled && control.type !== "hidden" && control.tagName !== "FIELDSET" && control.offsetParent !== null
      && !control.matches("[data-row-remove]")
      && (control.type !== "radio" || control.checked || control.name !== here.name));
    stops[stops.indexOf(here) + 1]?.focus();
  });
  // Where typing begins, unless the page has something to say first.
  if (!document.querySelector(".error-summary")) {
    (form.querySelector("[data-start] input:checked") ?? form.querySelector("[data-start] input"))?.focus();
  }
}
