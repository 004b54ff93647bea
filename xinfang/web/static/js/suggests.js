// An answer that usually follows from another one: [data-suggests-by="NAME"][data-suggests='{"ANSWER": "VALUE"}'] takes
// VALUE when the control NAME gets ANSWER, until somebody has chosen here themselves. A NAME with * is that of a field
// in any row; then the first of the answers that any row has counts, in the order in which they are written.
//
// [data-same-below]: what is typed in a row is the answer of the rows below, too, while nobody has typed another there.
const own = new WeakSet();

function namesOf(pattern) {
  return new RegExp(`^${pattern.replaceAll("*", "\\d+")}$`);
}

function given(form, pattern) {
  const name = namesOf(pattern);
  return [...form.elements]
    .filter((control) => name.test(control.name) && (control.type !== "radio" || control.checked))
    .map((control) => control.value);
}

function answer(target, value) {
  const radio = [...target.querySelectorAll("input[type=radio]")].find((one) => one.value === value);
  if (radio) {
    if (radio.checked) return;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (target.options && [...target.options].some((option) => option.value === value) && target.value !== value) {
    target.value = value;
    target.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (target.type === "text" && (!target.value || target.value === target.dataset.taken)) {
    target.value = value;
    target.dataset.taken = value;
    target.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function fillDown(control) {
  const form = control.form;
  const [, before, place, after] = control.name.match(/^(.*-)(\d+)(-.*)$/) ?? [];
  for (let row = Number(place) + 1; before && form.elements[`${before}${row}${after}`]; row += 1) {
    const below = form.elements[`${before}${row}${after}`];
    if (own.has(below) || (below.value && below.value !== below.dataset.taken)) return;
    below.value = control.value;
    below.dataset.taken = control.value;
    below.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// [data-ticked]: a box that is ticked unless somebody takes the tick away.
for (const box of document.querySelectorAll("input[data-ticked]")) box.checked = true;

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form");
  if (!form) return;
  const chosen = event.target.closest("[data-suggests]");
  if (event.isTrusted && chosen) own.add(chosen);
  for (const target of form.querySelectorAll("[data-suggests]")) {
    if (own.has(target) || !namesOf(target.dataset.suggestsBy).test(event.target.name)) continue;
    const answers = JSON.parse(target.dataset.suggests);
    const have = given(form, target.dataset.suggestsBy);
    const follows = Object.keys(answers).find((one) => have.includes(one));
    if (follows) answer(target, answers[follows]);
  }
  if (event.target.matches("[data-same-below]")) fillDown(event.target);
});

document.addEventListener("input", (event) => {
  const written = "[data-same-below], input[type=text][data-suggests]";
  if (event.isTrusted && event.target.matches?.(written)) own.add(event.target);
});
