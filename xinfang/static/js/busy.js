// While htmx fetches: words and a bar after a third of a second, announced politely. When it fails: a sentence
// that stays until the next request or a press on 知道了.
const place = document.getElementById("busy");
let running = 0;
let timer = 0;

function words(text, wrong) {
  const box = document.createElement("div");
  box.className = wrong ? "busy-box wrong" : "busy-box";
  box.append(text);
  if (wrong) {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "link-button";
    close.textContent = "知道了";
    close.addEventListener("click", () => place.replaceChildren());
    box.append(" ", close);
  } else {
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", text);
    box.append(bar);
  }
  place.replaceChildren(box);
}

function end() {
  running = Math.max(0, running - 1);
  if (running > 0) return;
  clearTimeout(timer);
  if (!place.querySelector(".wrong")) place.replaceChildren();
}

if (place) {
  document.addEventListener("htmx:beforeRequest", (event) => {
    running += 1;
    clearTimeout(timer);
    const text = event.target.closest("[data-busy]")?.dataset.busy ?? "正在取回…";
    timer = setTimeout(() => words(text, false), 300);
  });
  document.addEventListener("htmx:afterRequest", end);
  document.addEventListener("htmx:responseError", (event) => {
    words(event.detail.xhr.status === 403 ? "没有权限，或登录已过期。请刷新本页。" : "没有取到：服务出了错，请稍后再试。", true);
  });
  document.addEventListener("htmx:sendError", () => words("没有取到：网络断开了。已填写的内容仍在本页。", true));
  document.addEventListener("htmx:timeout", () => words("没有取到：等待时间太长，请再试一次。", true));
}
