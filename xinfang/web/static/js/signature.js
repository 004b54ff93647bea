// A signature drawn by finger, pen or mouse. Without this the sheet is printed and signed on paper.
const box = document.querySelector("[data-signature]");
const canvas = box.querySelector("canvas");
const form = box.closest("form");
const error = box.querySelector("[data-signature-error]");
const pen = canvas.getContext("2d");
const WIDTH = 6;
let signed = false;
let last = null;

function place(event) {
  const at = canvas.getBoundingClientRect();
  return [
    ((event.clientX - at.left) * canvas.width) / at.width, ((event.clientY - at.top) * canvas.height) / at.height,
  ];
}

function draw(event) {
  const next = place(event);
  pen.beginPath();
  pen.moveTo(...last);
  pen.lineTo(...next);
  pen.stroke();
  last = next;
  signed = true;
}

function clear() {
  pen.clearRect(0, 0, canvas.width, canvas.height);
  signed = false;
  error.textContent = "";
}

pen.lineWidth = WIDTH;
pen.lineCap = pen.lineJoin = "round";
canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  last = place(event);
  draw(event);
  error.textContent = "";
});
canvas.addEventListener("pointermove", (event) => { if (last) draw(event); });
for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { last = null; });
box.querySelector("[data-signature-clear]").addEventListener("click", clear);
form.addEventListener("submit", (event) => {
  if (!signed) {
    event.preventDefault();
    error.textContent = canvas.dataset.empty;
    return;
  }
  form.elements.signature.value = canvas.toDataURL("image/png");
});
box.hidden = false;
form.querySelector("[data-signature-instead]").hidden = true;
