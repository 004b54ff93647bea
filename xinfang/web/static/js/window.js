// The window works without any of this.
import "./trusted.js";
import "./once.js";

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => { kept = true; print(); });
}

// Who leaves the receipt without having kept the code is asked once.
let kept = false;
if (document.querySelector("[data-keep-receipt]")) {
  for (const link of document.querySelectorAll("[data-saves-receipt]")) {
    link.addEventListener("click", () => { kept = true; });
  }
  document.addEventListener("copy", () => { kept = true; });
  addEventListener("beforeprint", () => { kept = true; });
  let asked = false;
  addEventListener("beforeunload", (event) => {
    if (kept || asked) return;
    asked = true;
    event.preventDefault();
  });
}
document.querySelector(".error-summary")?.focus();
