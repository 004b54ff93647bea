// A form is sent once. The pressed button says what is happening (data-busy="正在登记…"); it comes back when the
// page is shown again from the browser's memory. form[data-many] (downloads) may be sent as often as wanted.
const sent = new Set();

function buttons(form) {
  return [...form.elements].filter((control) => control.type === "submit");
}

function release(form) {
  sent.delete(form);
  for (const button of buttons(form)) {
    if (button.dataset.label === undefined) continue;
    button.disabled = false;
    button.textContent = button.dataset.label;
    delete button.dataset.label;
  }
}

// At the window, after every other listener has had its say.
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
  if (form.hasAttribute("target") || form.hasAttribute("data-many")) return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  const pressed = event.submitter;
  // Not before the browser has collected the fields: a disabled button would not be sent with them.
  setTimeout(() => {
    for (const button of buttons(form)) {
      if (button.disabled) continue;
      button.dataset.label = button.textContent;
      button.disabled = true;
      if (button === pressed) button.textContent = button.dataset.busy ?? "正在提交…";
    }
  });
});

addEventListener("pageshow", () => { for (const form of [...sent]) release(form); });
