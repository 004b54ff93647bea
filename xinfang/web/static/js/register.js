import { composing } from "./composing.js";

// Registering by keyboard: Enter goes to the next field instead of sending a half-filled form; Ctrl+Enter sends it.
const form = document.querySelector("form[data-enter-moves]");

function typed(element) {
  return element.matches("input:not([type=checkbox]):not([type=radio]):not([type=hidden]), select");
}

// A group of choices is one stop: where the focus is, at what is chosen, or at its first.
function stopOf(radio, here) {
  if (radio.name === here.name) return radio === here;
  const group = [...form.querySelectorAll("input[type=radio]")].filter((other) => other.name === radio.name);
  return radio === (group.find((other) => other.checked) ?? group[0]);
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
      && (control.type !== "radio" || stopOf(control, here)));
    stops[stops.indexOf(here) + 1]?.focus();
  });
  // What may be secret isn't kept: neither here nor, as the drafts hear of it, on the server.
  form.addEventListener("change", (event) => {
    if (event.target.name !== "secrecy" || event.target.value === "no") return;
    const typedIn = "textarea, input:not([type=hidden], [type=radio], [type=checkbox], [type=date])";
    for (const control of form.querySelectorAll(typedIn)) {
      control.value = "";
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  // Where typing begins, unless the page has something to say first.
  if (!document.querySelector(".error-summary")) {
    (form.querySelector("[data-start] input:checked") ?? form.querySelector("[data-start] input"))?.focus();
  }
}
