// form[data-selection]: the boxes named `case` beside the rows belong to it. One box selects the page, the bar says how
// many are selected. Without this the boxes work all the same.
for (const form of document.querySelectorAll("form[data-selection]")) {
  const boxes = () => [...document.querySelectorAll(`input[name=case][form="${form.id}"]`)];
  const page = form.querySelector("[data-select-page]");
  const whole = page?.querySelector("input");
  const every = form.querySelector("input[name=all]");
  const said = form.querySelector("[data-selected]");
  const tell = () => {
    const chosen = boxes().filter((box) => box.checked).length;
    const wholeList = every?.checked ?? false;
    for (const box of boxes()) box.disabled = wholeList;
    if (said) said.textContent = wholeList ? "已选全部" : chosen ? `已选 ${chosen} 件` : "";
    form.classList.toggle("some", wholeList || chosen > 0);
    if (whole) {
      whole.checked = chosen > 0 && chosen === boxes().length;
      whole.disabled = wholeList;
    }
  };
  if (page) page.hidden = false;
  whole?.addEventListener("change", () => {
    for (const box of boxes()) box.checked = whole.checked;
    tell();
  });
  document.addEventListener("change", (event) => {
    if (event.target.form === form) tell();
  });
  addEventListener("pageshow", tell);
}
