// The window works without any of this.
import "./trusted.js";
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
document.querySelector(".error-summary")?.focus();
