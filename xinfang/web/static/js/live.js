// A page that refreshes itself: [data-live="ADDRESS"][data-state] is asked every ten seconds, or every
// [data-live-every] seconds, and when its window comes to the front, whether anything changed; the parts
// [data-live-part] are exchanged by their ids. Nothing is exchanged under somebody who types in it or is being asked
// something. What is new is said politely. It isn't work: the server doesn't count it as such, and a forgotten page
// still signs out.
const root = document.querySelector("[data-live]");
const EVERY = Number(root?.dataset.liveEvery ?? 10) * 1000;
const HOW_OFTEN = EVERY < 60_000 ? `每 ${EVERY / 1000} 秒` : "每分钟";

function typingIn(part) {
  const at = document.activeElement;
  return part.contains(at) && at.matches("input:not([type=hidden]), textarea, select");
}

function place(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const address = element.getAttribute("href");
  return address ? `a[href="${CSS.escape(address)}"]` : "";
}

function exchange(part, fresh) {
  const at = part.contains(document.activeElement) ? place(document.activeElement) : "";
  const open = [...part.querySelectorAll("details[open][id]")].map((details) => details.id);
  part.replaceChildren(...fresh.childNodes);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (at) part.querySelector(at)?.focus({ preventScroll: true });
}

function now() {
  return new Date().toLocaleTimeString("zh-CN", {
    timeZone: "Asia/Shanghai", hourCycle: "h23", hour: "2-digit", minute: "2-digit", second: "2-digit",
  });
}

if (root) {
  const words = document.querySelector("[data-live-words]");
  const said = document.querySelector("[data-live-said]");
  let running = false;

  const say = (text, wrong = false) => {
    if (!words) return;
    words.textContent = text;
    words.parentElement.classList.toggle("wrong", wrong);
  };

  async function look() {
    if (running || document.visibilityState === "hidden") return;
    running = true;
    try {
      const address = new URL(root.dataset.live, location.href);
      address.searchParams.set("live", root.dataset.state);
      const answer = await fetch(address, {
        credentials: "same-origin", redirect: "manual", headers: { "X-Live": "1" },
        signal: AbortSignal.timeout(Math.min(EVERY, 20_000) - 1000),
      });
      if (answer.type === "opaqueredirect" || answer.status === 401) {
        say("登录已结束，本页不再更新。请重新登录。", true);
        return;
      }
      if (answer.status !== 204) {
        if (!answer.ok) throw new Error(String(answer.status));
        take(await answer.text());
      }
      say(`${HOW_OFTEN}自动更新，最近一次 ${now()}。`);
    } catch {
      say(`网络中断，本页停在 ${root.dataset.at ?? "上一次"}的情况，恢复后自动更新。`, true);
    } finally {
      running = false;
    }
  }

  function take(text) {
    const holder = document.createElement("template");
    holder.innerHTML = text;
    const fragment = holder.content.querySelector("[data-fragment]");
    if (!fragment) throw new Error("no fragment");
    const parts = [...fragment.querySelectorAll("[data-live-part]")];
    const pairs = parts.map((fresh) => [document.getElementById(fresh.id), fresh]);
    if (document.querySelector("dialog[open]") || pairs.some(([part]) => part && typingIn(part))) return; // later
    for (const [part, fresh] of pairs) if (part) exchange(part, fresh);
    root.dataset.state = fragment.dataset.state;
    root.dataset.at = fragment.dataset.at;
    if (said && fragment.dataset.said !== root.dataset.said) {
      root.dataset.said = fragment.dataset.said;
      said.textContent = `有新记录：${fragment.dataset.said}`;
    }
  }

  say(`${HOW_OFTEN}自动更新。`);
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
  addEventListener("focus", look);
  addEventListener("online", look);
  document.addEventListener("outbox:sent", look);
}

// 少一人、多一人: the number field works without them.
for (const button of document.querySelectorAll("[data-step]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const field = button.parentElement.querySelector("input[type=number]");
    field.value = Math.max(1, (Number(field.value) || 0) + Number(button.dataset.step));
  });
}
