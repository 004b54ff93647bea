// form[data-upload]: files that are chosen, photographed, dropped or pasted are sent one by one; each line says what
// became of it. Without this script the form sends all at once and the next page says the same.
//
// data-pieces is the address for pieces, data-piece their size; form[data-cards] shows a card for each file, from
// data-card, instead of reloading. KEY in an address is the place of the key of the file.
import { sendInPieces } from "./pieces.js";

const LINES = {
  waiting: "等待上传", sending: "正在上传", checking: "正在检查和保存", added: "已添加", broken: "网络断开，正在重试",
  failed: "没有传完：网络断开了。已传的部分会保留一天。", gone: "没有保存。登录可能已过期，或此件已不能办理。请刷新本页。",
};

function line(list, file) {
  const item = document.createElement("li");
  const name = document.createElement("strong");
  const words = document.createElement("span");
  name.textContent = file.name;
  words.textContent = LINES.waiting;
  item.append(name, "：", words);
  list.append(item);
  return { item, words };
}

function again(form, file, shown) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn second small";
  button.textContent = "继续上传";
  button.addEventListener("click", async () => {
    button.remove();
    shown.item.classList.remove("refused");
    await send(form, file, shown);
    finished(form);
  });
  shown.item.append(" ", button);
}

async function send(form, file, shown) {
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", `上传 ${file.name}`);
  shown.item.append(bar);
  const done = await sendInPieces({
    file,
    address: form.dataset.pieces,
    piece: Number(form.dataset.piece),
    token: () => form.elements.csrfmiddlewaretoken.value,
    what: form.elements.what?.value,
    tell: (share, words) => {
      if (share !== null) bar.value = share;
      if (shown.words.textContent !== LINES[words]) shown.words.textContent = LINES[words];
    },
  }).catch(() => ({ gone: true })); // a file that was moved or changed while it was read
  bar.remove();
  shown.words.textContent = done.added ? LINES.added
    : done.refused ? done.refused.join("；")
    : done.broken ? LINES.failed : LINES.gone;
  shown.item.classList.add(done.added ? "added" : "refused");
  if (done.broken) again(form, file, shown);
  const cards = form.dataset.cards && document.querySelector(form.dataset.cards);
  if (done.added && cards) {
    document.getElementById(`scan-${done.key}`)?.remove();
    const card = `${form.dataset.card.replace("KEY", done.key)}?scan=1`;
    await globalThis.htmx.ajax("GET", card, { target: cards, swap: "beforeend" });
    shown.item.remove();
  }
}

function finished(form) {
  const list = form.querySelector("[data-upload-list]");
  if (form.sending > 0 || form.dataset.cards) return;
  if (list.querySelectorAll("li.added").length === list.children.length) {
    location.hash = "files-title";
    location.reload();
  } else if (list.querySelector("li.added") && !form.querySelector("[data-upload-again]")) {
    const link = document.createElement("a");
    link.href = location.pathname;
    link.textContent = "刷新本页，查看已添加的附件";
    link.dataset.uploadAgain = "";
    list.after(link);
  }
}

async function sendAll(form, files) {
  if (files.length === 0) return;
  const list = form.querySelector("[data-upload-list]");
  const button = form.querySelector("button[type=submit]");
  const label = button.dataset.label ?? button.textContent;
  button.dataset.label = label;
  button.disabled = true;
  button.textContent = button.dataset.busy;
  form.sending = (form.sending ?? 0) + files.length;
  const lines = files.map((file) => [file, line(list, file)]);
  // What is dropped meanwhile waits for its turn.
  form.turn = (form.turn ?? Promise.resolve()).then(async () => {
    for (const [file, shown] of lines) {
      await send(form, file, shown);
      form.sending -= 1;
    }
  });
  await form.turn;
  if (form.sending > 0) return;
  button.disabled = false;
  button.textContent = label;
  for (const input of form.querySelectorAll("input[type=file]")) input.value = "";
  finished(form);
}

function chosen(form) {
  return [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
}

// A picture from the clipboard is always called image.png.
function named(file, place) {
  if (!/^image\.\w+$/.test(file.name)) return file;
  const now = new Date();
  const stamp = [now.getHours(), now.getMinutes(), now.getSeconds()].map((n) => String(n).padStart(2, "0")).join("");
  const name = `粘贴的图片${stamp}${place ? `-${place}` : ""}.${file.name.split(".").pop()}`;
  return new File([file], name, { type: file.type, lastModified: file.lastModified });
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sendAll(form, chosen(form));
  });
  // A photograph, and a scan to register from, are sent as soon as they are chosen: nothing more is to be said of them.
  for (const input of form.querySelectorAll(form.dataset.cards ? "input[type=file]" : "input[capture]")) {
    input.addEventListener("change", (event) => sendAll(form, [...event.target.files]));
    if (input.files.length) sendAll(form, [...input.files]); // chosen before this script was there
  }
  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      form.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    form.addEventListener(name, (event) => {
      if (name === "drop" || !form.contains(event.relatedTarget)) form.classList.remove("over");
    });
  }
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    sendAll(form, [...event.dataTransfer.files]);
  });
}

// Pasting anywhere on the page, unless it is text for a field.
document.addEventListener("paste", (event) => {
  const form = document.querySelector("form[data-upload]");
  const files = [...(event.clipboardData?.files ?? [])];
  if (!form || files.length === 0 || event.clipboardData.types.includes("text/plain")) return;
  event.preventDefault();
  form.scrollIntoView({ block: "nearest" });
  sendAll(form, files.map(named));
});
