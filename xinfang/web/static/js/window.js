// The window works without any of this.
import "./trusted.js";
import "./mongolian.js";
import "./once.js";
import "./window_draft.js";
import "./window_files.js";

let kept = false;
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// Who leaves the receipt without having kept the code is asked once.
if (document.querySelector("[data-keep-receipt]")) {
  const keep = () => { kept = true; };
  document.addEventListener("copy", keep);
  addEventListener("beforeprint", keep);
  for (const link of document.querySelectorAll("[data-saves-receipt]")) link.addEventListener("click", keep);
  addEventListener("beforeunload", (event) => {
    if (kept) return;
    kept = true;
    event.preventDefault();
  });
}
// The QR code of a printed receipt leads here with the number, which no browser sends to the server.
const number = document.querySelector("#number");
const told = location.hash.slice(1);
if (number && !number.value && /^[A-Z]{2}\d{10}$/.test(told)) number.value = told;
document.querySelector(".error-summary")?.focus();
