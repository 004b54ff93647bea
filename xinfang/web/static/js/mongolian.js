// Who writes Mongolian sees it upright while they write: from top to bottom, lines from left to right.
const LETTER = /[\u1820-\u18aa]/;

function turn(control) {
  const upright = LETTER.test(control.value);
  control.classList.toggle("mongolian", upright);
  if (upright) control.lang = "mn-Mong";
  else control.removeAttribute("lang");
}

for (const control of document.querySelectorAll("textarea")) {
  turn(control);
  control.addEventListener("input", () => turn(control));
}
