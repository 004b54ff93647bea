// form[data-upload]: files that are chosen or dropped are sent one by one; each line says what became of it. Without
// this script the form sends all at once and the next page says the same.
const LINES = { waiting: "等待上传", sending: "正在上传", checking: "正在检查和保存", added: "已添加", failed: "没有传到：网络断开了。请再试一次。" };

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

function send(form, file, key, shown) {
  const data = new FormData();
  data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  data.append("key", key);
  data.append("what", form.elements.what.value);
  data.append("files", file);
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", `上传 ${file.name}`);
  shown.words.textContent = LINES.sending;
  shown.item.append(bar);
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.value = event.loaded / event.total;
      if (event.loaded === event.total) shown.words.textContent = LINES.checking;
    });
    request.addEventListener("loadend", () => {
      bar.remove();
      const answer = request.getResponseHeader("Content-Type")?.startsWith("application/json") ? JSON.parse(request.responseText) : null;
      const added = request.status === 200 && answer !== null;
      shown.words.textContent = added ? LINES.added
        : answer?.refused ? answer.refused.flatMap((one) => one.why).join("；")
          : request.status === 0 ? LINES.failed
            : request.status === 429 ? `上传太频繁，请 ${request.getResponseHeader("Retry-After")} 秒后再试。`
              : "没有保存。登录可能已过期，或此件已不能办理。请刷新本页。";
      shown.item.classList.add(added ? "added" : "refused");
      done(added);
    });
    request.send(data);
  });
}

// Each file has a key of its own, so that one that is sent twice is added once.
function keyFor(form, n) {
  return (BigInt(`0x${form.elements.key.value}`) ^ BigInt(n)).toString(16).padStart(32, "0");
}

async function sendAll(form, files) {
  const list = form.querySelector("[data-upload-list]");
  const button = form.querySelector("button[type=submit]");
  const label = button.textContent;
  button.disabled = true;
  button.textContent = button.dataset.busy;
  let refused = 0;
  for (const [file, shown] of files.map((one) => [one, line(list, one)])) {
    form.sent = (form.sent ?? 0) + 1;
    if (!(await send(form, file, keyFor(form, form.sent), shown))) refused += 1;
  }
  button.disabled = false;
  button.textContent = label;
  form.elements["files"].value = "";
  if (refused === 0) {
    location.hash = "files-title";
    location.reload();
    return;
  }
  if (refused < files.length && !form.querySelector("[data-upload-again]")) {
    const again = document.createElement("a");
    again.href = location.pathname;
    again.textContent = "刷新本页，查看已添加的附件";
    again.dataset.uploadAgain = "";
    list.after(again);
  }
}

for (const form of document.querySelectorAll("form[data-upload]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    sendAll(form, [...form.elements["files"].files]);
  });
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
    if (event.dataTransfer.files.length > 0) sendAll(form, [...event.dataTransfer.files]);
  });
}
