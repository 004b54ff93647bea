// What a form holds, as a draft keeps it: {name: [values in page order]}.
import { ensureRows } from "./rows.js";

const UNKEPT = new Set(["password", "file", "hidden", "submit", "button", "reset", "image"]);

export function keepable(control) {
  return control.name && !UNKEPT.has(control.type) && control.name !== "csrfmiddlewaretoken"
    && !control.closest("[data-no-draft]");
}

function collect(form, ticked, chosen, text) {
  const fields = {};
  for (const control of form.elements) {
    if (!keepable(control)) continue;
    const values = (fields[control.name] ??= []);
    if (control.type === "checkbox" || control.type === "radio") {
      if (ticked(control)) values.push(control.value);
    } else if (control.options) {
      values.push(...chosen(control).map((option) => option.value));
    } else {
      values.push(text(control));
    }
  }
  return fields;
}

// As it is now.
export const read = (form) => collect(form, (c) => c.checked, (c) => [...c.selectedOptions], (c) => c.value);

function firstChosen(control) {
  const said = [...control.options].filter((option) => option.defaultSelected);
  if (said.length || control.multiple) return said;
  return [...control.options].filter((option) => !option.disabled).slice(0, 1);
}

// As the server sent it, whatever the browser has filled in again since.
export const sent = (form) => collect(form, (c) => c.defaultChecked, firstChosen, (c) => c.defaultValue);

const bare = (values) => (values ?? []).map((value) => value.replace(/\r\n?/g, "\n")).filter(Boolean);
const same = (a, b) => JSON.stringify(bare(a)) === JSON.stringify(bare(b));

// Compared without empty values, so that an extra blank row is no difference.
export function spell(fields) {
  return JSON.stringify(Object.entries(fields).map(([name, values]) => [name, bare(values)])
    .filter(([, values]) => values.length > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}

// Whether these fields hold something that neither of the two states does.
export function holdsMore(fields, ...states) {
  return Object.entries(fields).some(([name, values]) => !states.some((state) => same(values, state[name])));
}

// Whether everything written in `fields` is in `state` too, perhaps with more around it.
export function within(fields, state) {
  return Object.entries(fields).every(([name, values]) => {
    const there = state[name] ?? [];
    return same(values, there) || values.every((value, at) => {
      const text = bare([value])[0] ?? "";
      return !text || bare(there).includes(text)
        || (text.length > 9 && (bare([there[at] ?? ""])[0] ?? "").includes(text));
    });
  });
}

// How much is written there, and how it begins: so that one of several can be told from the others.
export function gist(fields) {
  const texts = Object.values(fields).flat().filter((text) => /[^\x00-\x7f]/.test(text) || text.includes(" "));
  const longest = texts.reduce((a, b) => (b.length > a.length ? b : a), "").trim();
  const all = texts.reduce((sum, text) => sum + [...text].length, 0);
  const first = [...longest.split("\n")[0]].slice(0, 24).join("");
  return all ? `共 ${all} 字，“${first}${first.length < longest.length ? "…" : ""}”` : "";
}

// Fills the form; gives back what found no place in it: {name: [values]}.
export function write(form, fields) {
  ensureRows(form, Object.keys(fields));
  const used = {};
  const changed = [];
  for (const control of form.elements) {
    const values = fields[control.name];
    if (!values || !keepable(control)) continue;
    if (control.type === "checkbox" || control.type === "radio") {
      control.checked = values.includes(control.value);
    } else if (control.multiple && control.options) {
      for (const option of control.options) option.selected = values.includes(option.value);
    } else {
      // The same name may be there several times; values come back in page order.
      const at = used[control.name] ?? 0;
      used[control.name] = at + 1;
      if (at >= values.length || control.value === values[at]) continue;
      const before = control.value;
      control.value = values[at];
      // A list that no longer offers this answer keeps the one it had.
      if (control.options && control.selectedIndex < 0) control.value = before;
      else changed.push(control);
    }
  }
  for (const control of changed) control.dispatchEvent(new Event("input", { bubbles: true }));
  form.dispatchEvent(new Event("change", { bubbles: true }));
  const now = read(form);
  return Object.fromEntries(
    Object.entries(fields).filter(([name, values]) => bare(values).length && !same(values, now[name])),
  );
}
