// form[data-outbox="WHAT"]: sent by fetch; without a connection it is kept here and sent when there is one, in order,
// once. Each form carries a key that the server knows again, so that what was sent twice is done once. The server notes
// its own time, and beside it when this device says it was typed. Without JavaScript the forms are ordinary forms.
//   data-outbox-shows="ID"  what is shown at once, in place of [data-outbox-buttons]
//   data-most-bytes, data-most-mb  a larger file is refused before it is kept
import { all, clear, dropOld, put, remove } from "./outbox_store.js";
import { ask } from "./confirm.js";
import { token } from "./session.js";

const EVERY = 10_000;
const PATIENCE = 20_000;
const MARK = "xinfang-outbox"; // in localStorage: something waits, so that other pages need not open the store
const owner = document.body.dataset.person ?? "";
let flushing = false;

// ---- one sending

// {done: {url, words}} | {errors} | {signIn} | {broken}; broken: no answer that says what became of it.
async function send(url, fields, when) {
  const body = new FormData();
  for (const [name, value, file] of fields) file ? body.append(name, value, file) : body.append(name, value);
  let answer;
  try {
    answer = await fetch(url, {
      method: "POST", body, credentials: "same-origin", redirect: "manual",
      headers: { "X-Outbox": when, "X-CSRFToken": token() }, signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.type === "opaqueredirect" || [401, 403, 409].includes(answer.status)) return { signIn: true };
    if (answer.status === 200) return { done: await answer.json() };
    if (answer.status === 422) return { errors: (await answer.json()).errors };
  } catch {
    return { broken: true };
  }
  if (answer.status === 404) return { errors: [{ reason: "没有找到这个事件，或者它已不在您可以查看的范围内", cites: [], todo: "请电话告知办公室。" }] };
  if (answer.status === 413) {
    return { errors: [fields.some(([, , file]) => file)
      ? { reason: "照片太大，服务器没有接收", cites: [], todo: "请换一张较小的照片。" }
      : { reason: "内容太多，服务器没有接收", cites: [], todo: "请分几次记录。" }] };
  }
  return { broken: true };
}

// ---- words

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function clock(iso) {
  return new Date(iso).toLocaleTimeString("zh-CN", {
    timeZone: "Asia/Shanghai", hourCycle: "h23", hour: "2-digit", minute: "2-digit", second: "2-digit",
  });
}

function panel() {
  let box = document.getElementById("outbox");
  if (!box) {
    box = element("div", "outbox no-print");
    box.id = "outbox";
    box.setAttribute("role", "status");
    box.setAttribute("aria-live", "polite");
    document.getElementById("main")?.prepend(box);
  }
  return box;
}

async function show(sent = []) {
  const items = (await all().catch(() => [])).filter(Boolean);
  localStorage.setItem(MARK, items.length ? "1" : "");
  if (!items.length) localStorage.removeItem(MARK);
  const own = items.filter((item) => item.owner === owner);
  const others = items.length - own.length;
  if (!items.length && !sent.length) {
    document.getElementById("outbox")?.remove();
    return;
  }
  const box = panel();
  box.classList.toggle("sent", !items.length);
  const parts = [];
  if (sent.length) {
    const line = element("p", "", `网络已恢复，已发送：${sent.map((s) => `${s.label}（${clock(s.typed)} 填写）`).join("、")}。`);
    const last = sent.at(-1);
    if (last?.url && new URL(last.url, location.href).pathname !== location.pathname) {
      const link = element("a", "", "打开");
      link.href = last.url;
      line.append(" ", link);
    }
    parts.push(line);
  }
  if (own.length) {
    const waiting = own.filter((item) => !item.errors);
    if (waiting.length) {
      const signIn = waiting.some((item) => item.signIn);
      const words = signIn ? "登录已结束，以下内容已记下，请重新登录，登录后自动发送" : "网络中断，已记下，恢复后自动发送";
      const line = element("p", "", `${words}（第 ${waiting.length} 条）。请不要退出登录。情况紧急请打电话。`);
      if (signIn) {
        const link = element("a", "", "去登录");
        link.href = `${document.body.dataset.login}?next=${encodeURIComponent(location.pathname)}`;
        line.append(" ", link);
      }
      parts.push(line);
    }
    const list = element("ol");
    for (const item of own) {
      const line = element("li", "", `${item.label}　${clock(item.typed)} 填写`);
      if (item.errors) {
        line.append(`　没有被接受：${item.errors.map((e) => `${e.reason}。${e.todo}`).join(" ")} `);
        const text = item.fields.find(([name]) => name === "text")?.[1];
        if (text) line.append(`原文：${text} `);
        const drop = element("button", "link-button", "知道了，删除这一条");
        drop.type = "button";
        drop.addEventListener("click", async () => { await remove(item.id); show(); });
        line.append(drop);
      }
      list.append(line);
    }
    parts.push(list);
  }
  if (others) parts.push(element("p", "", `本机还有另一位同事没有发出的 ${others} 条，请其在这里登录后自动发送。`));
  box.replaceChildren(...parts);
}

function refuse(form, errors) {
  form.dispatchEvent(new CustomEvent("outbox:refused"));
  document.querySelector(".error-summary")?.remove();
  const first = document.getElementById(form.dataset.outboxShows ?? "");
  if (first) {
    first.hidden = true;
    document.querySelector("[data-outbox-buttons]").hidden = false;
  }
  const box = element("div", "error-summary");
  box.setAttribute("role", "alert");
  box.tabIndex = -1;
  box.append(element("h2", "", "没有记录成功"));
  const list = element("ul");
  for (const error of errors) {
    const line = element("li", "", error.reason + (error.cites?.length ? `（${error.cites.join("、")}）` : ""));
    if (error.todo) line.append(element("span", "todo", error.todo));
    list.append(line);
  }
  box.append(list);
  // Not inside a part that is exchanged every ten seconds.
  if (form.closest("[data-live-part], .event-banner")) document.getElementById("main").prepend(box);
  else form.before(box);
  box.focus();
}

// ---- keeping and sending later

async function keep(form, label, fields, result) {
  const typed = new Date().toISOString();
  await put({ owner, label, url: form.action, fields, typed, signIn: Boolean(result.signIn) });
  const key = form.querySelector("input[name=key]");
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  if (key) key.value = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  for (const control of form.elements) {
    if (control.matches("textarea, input[type=text], input[type=number], input[type=file]")) control.value = "";
  }
  form.dispatchEvent(new CustomEvent("outbox:kept"));
  await show();
}

// The server answers 200 for each exactly once more; what nobody answered stays for the next time.
async function flush() {
  if (flushing || !owner || !localStorage.getItem(MARK)) return;
  flushing = true;
  const sent = [];
  try {
    for (const item of await all()) {
      if (item.owner !== owner || item.errors) continue;
      const result = await send(item.url, [...item.fields, ["seen_at", item.typed]], "later");
      if (result.done) {
        await remove(item.id);
        sent.push({ ...item, fields: [], url: result.done.url });
      } else if (result.errors) {
        await put({ ...item, errors: result.errors });
      } else {
        if (Boolean(result.signIn) !== item.signIn) await put({ ...item, signIn: Boolean(result.signIn) });
        break; // in order: the next waits too
      }
    }
  } catch {
    // The store could not be read; tried again.
  } finally {
    flushing = false;
  }
  await show(sent);
  if (sent.length) document.dispatchEvent(new CustomEvent("outbox:sent"));
}

// ---- the forms

function tooLarge(form, fields) {
  const most = Number(form.dataset.mostBytes) || 50 * 2 ** 20;
  return fields.some(([, value]) => value instanceof File && value.size > most);
}

function busy(button, on) {
  if (!button) return;
  if (on) {
    button.dataset.outboxLabel = "";
    button.kept = [...button.childNodes];
    button.disabled = true;
    button.replaceChildren(button.dataset.busy ?? "正在发送…");
  } else if (button.kept) {
    button.disabled = false;
    button.replaceChildren(...button.kept);
    delete button.kept;
  }
}

async function submit(form, pressed) {
  const label = form.dataset.outbox;
  const fields = [...new FormData(form, pressed)].filter(([name]) => name !== "csrfmiddlewaretoken")
    .map(([name, value]) => (value instanceof File ? [name, value, value.name] : [name, value]));
  if (tooLarge(form, fields)) {
    refuse(form, [{ reason: `照片超过 ${form.dataset.mostMb ?? 50} MB`, cites: [], todo: "请用较小的尺寸重新拍照。" }]);
    return;
  }
  document.querySelector(".error-summary")?.remove();
  const first = document.getElementById(form.dataset.outboxShows ?? "");
  if (first) {
    document.querySelector("[data-outbox-buttons]").hidden = true;
    first.hidden = false;
    first.querySelector("[tabindex]")?.focus();
    scrollTo(0, 0);
  }
  busy(pressed, true);
  try {
    const before = localStorage.getItem(MARK)
      ? (await all()).filter((item) => item.owner === owner && !item.errors) : [];
    // What was written first goes first: behind something that waits, this waits too.
    const result = before.length ? { broken: true } : await send(form.action, fields, "now");
    if (result.done) {
      form.dispatchEvent(new CustomEvent("outbox:done", { bubbles: true }));
      const next = new URL(result.done.url, location.href);
      if (next.pathname === location.pathname && next.search === location.search) location.reload();
      else location.assign(next);
      return;
    }
    if (result.errors) refuse(form, result.errors);
    else await keep(form, label, fields, result);
    busy(pressed, false);
    if (before.length) flush();
  } catch {
    busy(pressed, false);
    refuse(form, [{ reason: "网络中断，而且这个浏览器不能暂存内容，没有发出", cites: [], todo: "请打电话报告，恢复后再按一次；填写的内容仍在本页。" }]);
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[data-outbox]")) return;
  event.preventDefault();
  if (form.dataset.outboxBusy) return;
  form.dataset.outboxBusy = "yes";
  submit(form, event.submitter).finally(() => delete form.dataset.outboxBusy);
});

// Signing out takes what waits with it: asked first, then cleared.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("[data-sign-out]") || !localStorage.getItem(MARK)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const own = (await all().catch(() => [])).filter((item) => item.owner === owner);
  if (own.length && !(await ask(`还有 ${own.length} 条没有发出。退出后它们会从本机删除，不会再发送。`, "仍要退出"))) return;
  await clear().catch(() => null);
  localStorage.removeItem(MARK);
  form.submit();
}, true);

async function begin() {
  const old = await dropOld().catch(() => []);
  await show();
  if (old.length) {
    const what = old.map((o) => `${o.label}（${o.typed.slice(0, 10)} 填写）`).join("、");
    panel().append(element("p", "", `超过两天没有发出，已从本机删除：${what}。请重新填写。`));
  }
  await flush();
}

if (owner && localStorage.getItem(MARK)) begin();
// Back by the browser's memory: a button that was pressed still waits there.
addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector("form[data-outbox] button[disabled]")) location.reload();
});
addEventListener("online", flush);
setInterval(flush, EVERY);
