// data-confirm="…" on a form or its button asks once more, in a real dialog, before something that can't be
// taken back. Without JavaScript the step is still recorded openly and can be corrected openly.

export function ask(text, yesLabel) {
  return new Promise((resolve) => {
    const dialog = document.createElement("dialog");
    dialog.className = "dialog";
    dialog.setAttribute("aria-labelledby", "confirm-text");
    const words = document.createElement("p");
    words.id = "confirm-text";
    words.textContent = text;
    const bar = document.createElement("div");
    bar.className = "buttons";
    const yes = document.createElement("button");
    yes.className = "btn";
    yes.textContent = yesLabel;
    yes.addEventListener("click", () => dialog.close("yes"));
    const no = document.createElement("button");
    no.className = "btn second";
    no.textContent = "取消";
    no.autofocus = true;
    no.addEventListener("click", () => dialog.close());
    bar.append(yes, no);
    dialog.append(words, bar);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

const agreed = new WeakSet();

// form[data-confirm-when="NAME=VALUE"]: it is asked only for this answer.
function wordsWhen(form) {
  const [name, value] = form.dataset.confirmWhen?.split("=") ?? [];
  return name && new FormData(form).get(name) === value ? form.dataset.confirmWords : undefined;
}

// This form was agreed to already: while `send` sends it, nothing is asked again.
export function sendAgreed(form, send) {
  agreed.add(form);
  send();
  agreed.delete(form);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const pressed = event.submitter;
  const text = pressed?.dataset.confirm ?? form.dataset.confirm ?? wordsWhen(form);
  // Also where nothing is asked: an agreement is for one sending.
  if (agreed.delete(form) || !text) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (await ask(text, pressed?.textContent.trim() || "确定")) {
    agreed.add(form);
    form.requestSubmit(pressed ?? undefined);
  }
}, true);
