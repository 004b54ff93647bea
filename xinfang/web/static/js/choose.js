// form[data-chooser]: one box ticks all boxes of the page, and a line says how many are ticked.
for (const form of document.querySelectorAll("form[data-chooser]")) {
  const boxes = () => [...form.querySelectorAll("input[type=checkbox][name]")];
  const label = form.querySelector("[data-choose-all]");
  const all = label?.querySelector("input");
  const said = form.querySelector("[data-chosen]");
  const tell = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    if (said) said.textContent = chosen ? `已选 ${chosen} 份` : "";
    if (all) all.checked = chosen > 0 && chosen === boxes().length;
  };
  if (label) label.hidden = false;
  all?.addEventListener("change", () => {
    for (const box of boxes()) box.checked = all.checked;
    tell();
  });
  form.addEventListener("change", tell);
  addEventListener("pageshow", tell);
}
