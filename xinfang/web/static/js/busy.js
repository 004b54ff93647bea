// While htmx fetches: words and a bar after a third of a second, announced politely. When it fails: a sentence
// that stays until the next request or a press on 知道了.
import { ended } from "./session.js";

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

// [data-unanswered="WORDS"]: what is shown there answers an earlier question, so it must not stay there as if it
// answered this one.
function unanswered(element) {
  const { unanswered: text } = element.dataset ?? {};
  if (!text) return;
  const line = document.createElement("p");
  line.className = "sub";
  line.dataset.unansweredWords = "";
  line.textContent = text;
  element.querySelector("[data-unanswered-words]")?.remove();
  if (element.querySelector("input:checked:not([value=''])")) element.prepend(line);
  else element.replaceChildren(line);
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
    const { status } = event.detail.xhr;
    if (status === 401 || status === 409) ended(status);
    else words(status === 403 ? "没有权限，或登录已过期。请刷新本页。" : "没有取到：服务出了错，请稍后再试。", true);
    unanswered(event.detail.elt);
  });
  document.addEventListener("htmx:sendError", (event) => {
    words("没有取到：网络断开了。已填写的内容仍在本页。", true);
    unanswered(event.detail.elt);
  });
  document.addEventListener("htmx:timeout", (event) => {
    words("没有取到：等待时间太长，请再试一次。", true);
    unanswered(event.detail.elt);
  });
  // An answer that can't be shown: no afterRequest follows it.
  document.addEventListener("htmx:swapError", (event) => {
    end();
    words("没有取到：回答的内容不能显示，请刷新本页。", true);
    unanswered(event.detail.elt);
  });
}
