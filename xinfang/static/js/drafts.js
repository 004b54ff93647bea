// A half-written form survives a closed browser: form[data-draft="KEY"] is kept on the server, never in the
// browser, because it holds what a petitioner said.
//
//   POST   /drafts/KEY/  body {"fields": {name: [value, …]}}          → {"saved_at": ISO time}
//   GET    /drafts/KEY/  → 200 {"fields": {…}, "saved_at": ISO time}, or 204 / 404 when there is none
//   DELETE /drafts/KEY/  → 204
//
// The view that accepts the form removes the draft, in the same transaction as its step.
import { ensureRows } from "./rows.js";

const WAIT = 1200;
const UNKEPT = new Set(["password", "file", "hidden", "submit", "button", "reset", "image"]);

function keepable(control) {
  return control.name && !UNKEPT.has(control.type) && control.name !== "csrfmiddlewaretoken" && !control.closest("[data-no-draft]");
}

function read(form) {
  const fields = {};
  for (const control of form.elements) {
    if (!keepable(control)) continue;
    const values = (fields[control.name] ??= []);
    if (control.type === "checkbox" || control.type === "radio") {
      if (control.checked) values.push(control.value);
    } else if (control.multiple && control.options) {
      values.push(...[...control.selectedOptions].map((option) => option.value));
    } else {
      values.push(control.value);
    }
  }
  return fields;
}

function write(form, fields) {
  ensureRows(form, Object.keys(fields));
  const used = {};
  for (const control of form.elements) {
    const values = fields[control.name];
    if (!values || !keepable(control)) continue;
    if (control.type === "checkbox" || control.type === "radio") {
      control.checked = values.includes(control.value);
    } else if (control.multiple && control.options) {
      for (const option of control.options) option.selected = values.includes(option.value);
    } else {
      // The same name may stand several times; values come back in page order.
      const at = used[control.name] ?? 0;
      used[control.name] = at + 1;
      if (at < values.length) control.value = values[at];
    }
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

// Compared without empty values, so that an extra blank row is no difference.
function spell(fields) {
  return JSON.stringify(Object.entries(fields).map(([name, values]) => [name, values.filter(Boolean)])
    .filter(([, values]) => values.length > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function clockText(iso) {
  const moment = iso ? new Date(iso) : new Date();
  // The department's time, whatever the computer's zone is set to.
  const zone = { timeZone: "Asia/Shanghai" };
  const time = moment.toLocaleTimeString("zh-CN", { ...zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = moment.toLocaleDateString("zh-CN", { ...zone, month: "long", day: "numeric" });
  const today = moment.toLocaleDateString("zh-CN", zone) === new Date().toLocaleDateString("zh-CN", zone);
  return today ? time : `${day} ${time}`;
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function follow(form) {
  const address = `/drafts/${encodeURIComponent(form.dataset.draft)}/`;
  const token = () => form.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const start = spell(read(form));
  let saved = start;
  let timer = 0;
  let finished = false; // the form itself has been sent
  let offering = false; // an earlier draft waits for an answer: don't write over it

  let status = form.querySelector("[data-draft-status]");
  if (!status) {
    status = element("p", "draft-status", "");
    status.setAttribute("role", "status");
    form.append(status);
  }
  const say = (text, wrong = false) => {
    status.textContent = text;
    status.classList.toggle("wrong", wrong);
  };

  async function save(closing = false) {
    clearTimeout(timer);
    timer = 0;
    if (finished || offering) return;
    const fields = read(form);
    const spelled = spell(fields);
    if (spelled === saved) return;
    try {
      const answer = await fetch(address, {
        method: "POST", credentials: "same-origin", keepalive: closing,
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify({ fields }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      saved = spelled;
      const body = answer.status === 204 ? {} : await answer.json();
      say(`草稿已保存 ${clockText(body.saved_at)}`);
    } catch {
      say("草稿没有保存成功，网络或登录可能已断开。请先不要关闭本页；继续输入时会再试。", true);
    }
  }

  const remove = () => fetch(address, { method: "DELETE", credentials: "same-origin", headers: { "X-CSRFToken": token() } });

  function offer(draft) {
    offering = true;
    const banner = element("div", "notice info no-print", "");
    banner.setAttribute("role", "region");
    banner.setAttribute("aria-label", "未提交的草稿");
    const buttons = element("div", "buttons", "");
    const restore = element("button", "btn", "恢复草稿");
    const discard = element("button", "btn second", "丢弃");
    restore.type = discard.type = "button";
    buttons.append(restore, discard);
    banner.append(element("p", "", `这里有一份 ${clockText(draft.saved_at)} 保存、尚未提交的草稿。`), buttons);
    form.before(banner);
    const end = (text) => {
      offering = false;
      banner.remove();
      say(text);
      [...form.elements].find((control) => keepable(control) && !control.disabled)?.focus();
    };
    restore.addEventListener("click", () => {
      write(form, draft.fields);
      saved = spell(read(form));
      end(`已恢复 ${clockText(draft.saved_at)} 的草稿`);
    });
    discard.addEventListener("click", async () => {
      try {
        const answer = await remove();
        if (!answer.ok && answer.status !== 404) throw new Error(String(answer.status));
        end("草稿已丢弃");
        save();
      } catch {
        say("草稿没有丢弃成功，请再试一次。", true);
      }
    });
  }

  async function look() {
    // A form that came back with errors already holds what was typed: it is newer than any draft.
    if (form.querySelector("[aria-invalid=true]") || document.querySelector(".error-summary")) return;
    try {
      const answer = await fetch(address, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (answer.status !== 200) return;
      const draft = await answer.json();
      if (!draft?.fields || spell(draft.fields) === start) return;
      if (spell(read(form)) === start) offer(draft);
    } catch {
      // No draft can be offered; saving will say so if the connection is really gone.
    }
  }

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(save, WAIT);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", (event) => {
    // Asked again before sending (confirm.js), or sent twice (once.js): not finished by that.
    if (event.defaultPrevented) return;
    finished = true;
    clearTimeout(timer);
  });
  addEventListener("pageshow", (event) => { if (event.persisted) finished = false; });
  addEventListener("pagehide", () => save(true));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") save(true); });
  look();
}

export function startDrafts(root) {
  for (const form of root.querySelectorAll?.("form[data-draft]") ?? []) {
    if (form.dataset.draftFollowed) continue;
    form.dataset.draftFollowed = "yes";
    follow(form);
  }
}
