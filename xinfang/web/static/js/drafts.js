// What is typed in form[data-draft="FORM"] is kept on the server, never in the browser, because it holds what a
// petitioner said. Each showing of a form has a row of its own: whatever Back, a reload, another tab or the browser's
// own memory puts into the fields, no saving ever replaces what was typed on another page.
//
//   GET    /drafts/FORM/       → {rows: [{page, fields: {name: [value, …]}, saved_at}]}, the newest first
//   POST   /drafts/FORM/PAGE/  {fields, turn} → {saved_at, dropped}; an earlier turn never replaces a later one
//   DELETE /drafts/FORM/PAGE/
//
// A form is kept once more before it is sent, and not sent when nobody, or somebody else, is signed in. It names the
// rows its page wrote or took over; the view that accepts it removes just those (web/form_drafts.py). Without this
// script forms are sent as ever.
import { ask, sendAgreed } from "./confirm.js";
import { gist, holdsMore, keepable, read, sent, spell, within, write } from "./drafts_fields.js";
import { clockText, element, leftOver, offer } from "./drafts_offer.js";
import { asking, ended, isBack } from "./session.js";

const WAIT = 1200;
const PATIENCE = 8000;
const MOST_AT_THE_END = 60_000; // bytes a browser still sends while the page goes away
const KEPT = new Set(["kept", "same"]);
const STAYS = {
  401: "登录已结束，没有提交。填写的内容仍在本页。",
  409: "现在登录的是另一位同事，没有提交。填写的内容仍在本页。",
  413: "内容太多，没有提交，草稿也没有保存。填写的内容仍在本页，请精简，或把长材料作为附件上传。",
  offline: "网络断开了，没有提交。填写的内容仍在本页，请稍后再按一次。",
};
const followed = new Set();

const fresh = () => {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("");
};
const named = (text) => (text ?? "").split(" ").filter(Boolean);

class Follower {
  constructor(form) {
    this.form = form;
    this.name = form.dataset.draft;
    this.page = fresh();
    this.rows = []; // what was typed on other showings of this form
    // Rows that the server says this page goes on from: it came back with what was typed, or shows an older text.
    this.taken = [
      ...named(document.body.dataset.draftPage).filter((row) => row.startsWith(`${this.name}/`)),
      ...named(form.dataset.draftTook),
    ];
    this.saved = spell(read(form));
    this.written = false;
    this.turn = 0;
    this.last = Promise.resolve();
    this.again();
    this.status = form.querySelector("[data-draft-status]");
    if (!this.status) {
      this.status = element("p", "draft-status");
      this.status.setAttribute("role", "status");
      form.append(this.status);
    }
    this.listen();
    this.look();
  }

  // Of one row; without a page, of all rows of this form.
  address(page) {
    const { drafts, draftRow } = document.body.dataset;
    return (page ? draftRow.replace("PAGE", page) : drafts).replace("FORM", encodeURIComponent(this.name));
  }

  // Nobody has touched it, and it hasn't been sent.
  again() {
    this.touched = this.finished = this.passing = this.waiting = this.failed = false;
    clearTimeout(this.timer);
  }

  listen() {
    const { form } = this;
    const later = () => {
      this.touched = true;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), WAIT);
    };
    form.addEventListener("input", later);
    form.addEventListener("change", later);
    form.addEventListener("submit", (event) => this.submit(event));
    form.addEventListener("formdata", (event) => {
      event.formData.set("draft_rows", this.own().join(" "));
      if (this.touched && spell(read(form)) === this.saved) event.formData.set("draft_kept", "1");
    });
    // Sent by the outbox: refused, or kept there until the connection is back. The next text is another one.
    form.addEventListener("outbox:refused", () => { this.finished = false; });
    form.addEventListener("outbox:kept", () => this.start());
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.start();
      else if (!this.touched) this.saved = spell(read(form)); // with what the browser has filled in again
    });
    addEventListener("pagehide", () => this.close());
    document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") this.close(); });
    addEventListener("beforeunload", (event) => {
      if (this.unsaved() && (this.failed || this.body().length > MOST_AT_THE_END / 3)) event.preventDefault();
    });
    document.addEventListener("session:back", () => {
      this.say("已重新登录，可以提交了。");
      if (this.touched) this.save();
    });
  }

  // A new showing: its rows are all of other pages.
  start() {
    delete this.form.dataset.draftLooked;
    this.page = fresh();
    this.taken = [];
    this.written = false;
    this.again();
    this.saved = spell(read(this.form));
    this.look();
  }

  say(text, wrong = false) {
    this.status.textContent = text;
    this.status.classList.toggle("wrong", wrong);
  }

  // The rows that go when the form is accepted: written here, taken over, or wholly within what is sent.
  own() {
    const now = read(this.form);
    const held = this.rows.filter((row) => within(row.fields, now)).map((row) => `${this.name}/${row.page}`);
    return [...new Set([...(this.written ? [`${this.name}/${this.page}`] : []), ...this.taken, ...held])];
  }

  // ---- keeping

  unsaved() {
    return this.touched && !this.finished && spell(read(this.form)) !== this.saved;
  }

  body() {
    this.turn = Math.max(this.turn + 1, Date.now());
    return JSON.stringify({ fields: read(this.form), turn: this.turn });
  }

  post(page, body, how) {
    return fetch(this.address(page), {
      method: "POST", credentials: "same-origin", redirect: "manual", body,
      headers: { ...asking(), "Content-Type": "application/json" }, ...how,
    });
  }

  // One after the other: "kept", "same", "offline", or how the server refused.
  save(force = false) {
    clearTimeout(this.timer);
    this.last = this.last.then(() => this.keep(force), () => this.keep(force));
    return this.last;
  }

  async keep(force) {
    if (this.finished) return "same";
    const fields = read(this.form);
    const spelled = spell(fields);
    if (spelled === this.saved && !force) return "same";
    const page = this.page;
    try {
      let answer = await this.post(page, this.body(), { signal: AbortSignal.timeout(PATIENCE) });
      if (answer.status === 403) {
        // The token was lost: any answer of the server brings a new one.
        await this.ask();
        answer = await this.post(page, this.body(), { signal: AbortSignal.timeout(PATIENCE) });
      }
      if (answer.status === 401 || answer.status === 409) ended(answer.status);
      if (answer.status !== 200) return this.lost(answer.status);
      const { saved_at: at, dropped } = await answer.json();
      if (page === this.page) {
        this.saved = spelled;
        this.written = true;
      }
      this.failed = false;
      isBack();
      this.say(`草稿已保存 ${clockText(at)}${dropped ? `；草稿太多，最早的 ${dropped} 份已清除` : ""}`);
      return "kept";
    } catch (error) {
      return this.lost(error instanceof TypeError ? "offline" : 0);
    }
  }

  lost(status) {
    this.failed = true;
    this.say({
      401: "登录已结束，之后填写的内容还没有存为草稿。请不要关闭本页。",
      409: "现在登录的是另一位同事，填写的内容没有保存。请不要关闭本页。",
      413: "内容太多，草稿没有保存。请不要关闭本页，把长材料作为附件上传。",
    }[status] ?? "草稿没有保存成功，网络或登录可能已断开。请先不要关闭本页；继续输入时会再试。", true);
    return status;
  }

  // The page goes away: no time to wait for an answer.
  close() {
    if (!this.unsaved()) return;
    clearTimeout(this.timer);
    const spelled = spell(read(this.form));
    const body = this.body();
    const small = new Blob([body]).size < MOST_AT_THE_END;
    this.written = true;
    this.post(this.page, body, { keepalive: small }).then((answer) => {
      // Only hidden, and shown again.
      if (answer.ok) this.saved = spelled;
      else this.lost(answer.status);
    }).catch(() => { this.failed = true; });
  }

  // ---- sending

  async submit(event) {
    // Asked again before sending (confirm.js), or sent twice (once.js): not finished by that.
    if (event.defaultPrevented) return;
    if (this.passing || !this.touched || this.form.hasAttribute("data-outbox")) {
      this.passing = false;
      this.finished = !this.form.hasAttribute("data-many");
      clearTimeout(this.timer);
      return;
    }
    event.preventDefault();
    if (this.waiting) return;
    this.waiting = true;
    this.form.setAttribute("aria-busy", "true");
    this.say("正在保存草稿…");
    const result = await this.save(true);
    this.waiting = false;
    this.form.removeAttribute("aria-busy");
    if (result in STAYS) {
      this.say(STAYS[result], true);
      document.getElementById("session-bar")?.scrollIntoView({ block: "nearest" });
      return;
    }
    // Where drafts can't be kept the form can still be sent.
    const pressed = event.submitter?.isConnected ? event.submitter : undefined;
    this.passing = true;
    sendAgreed(this.form, () => this.form.requestSubmit(pressed));
    this.passing = false;
  }

  // ---- what was typed before

  ask() {
    return fetch(this.address(), { credentials: "same-origin", redirect: "manual", headers: asking() });
  }

  async look() {
    await this.find();
    this.form.dataset.draftLooked = "yes";
  }

  async find() {
    try {
      const answer = await this.ask();
      if (answer.status === 401 || answer.status === 409) ended(answer.status);
      if (answer.status !== 200) return;
      this.rows = (await answer.json()).rows.filter((row) => row.page !== this.page);
    } catch {
      return; // No draft can be offered; saving will say so if the connection is really gone.
    }
    const states = [sent(this.form), read(this.form)];
    const more = new Set(
      this.rows.filter((row) => holdsMore(row.fields, ...states)).map((row) => `${this.name}/${row.page}`),
    );
    this.taken = this.taken.filter((row) => !more.has(row));
    this.offered = this.rows.filter((row) => more.has(`${this.name}/${row.page}`));
    this.show();
  }

  show() {
    // An earlier stage of a later text is nothing of its own.
    const rows = this.offered.filter(
      (row, at) => !this.offered.slice(0, at).some((newer) => within(row.fields, newer.fields)),
    );
    offer(
      this.form,
      rows.map((row) => Object.assign(row, { gist: gist(row.fields) })),
      (row) => this.restore(row),
      (row) => this.discard(row),
    );
  }

  async restore(row) {
    const { form } = this;
    const before = read(form);
    if (this.touched && !within(before, row.fields) && holdsMore(before, sent(form))) {
      // What was typed on this page before the answer stays too, as a draft of its own.
      if (!KEPT.has(await this.save(true))) {
        this.say("没有恢复：本页现有的文字还没有保存成草稿，恢复会盖掉它。请稍后再试。", true);
        return;
      }
      this.rows.unshift({ page: this.page, fields: before, saved_at: new Date().toISOString() });
      this.offered.unshift(this.rows[0]);
      this.page = fresh();
      this.written = false;
    }
    leftOver(form, write(form, row.fields));
    this.touched = true;
    const gone = this.offered.filter((other) => within(other.fields, row.fields));
    this.taken.push(...gone.map((other) => `${this.name}/${other.page}`));
    this.offered = this.offered.filter((other) => !gone.includes(other));
    this.show();
    [...form.elements].find((control) => keepable(control) && !control.disabled)?.focus();
    if (KEPT.has(await this.save())) this.say(`已恢复 ${clockText(row.saved_at)} 的草稿`);
  }

  async discard(row) {
    const gone = this.offered.filter(
      (other) => other === row || (other.saved_at <= row.saved_at && within(other.fields, row.fields)),
    );
    try {
      for (const other of gone) {
        const answer = await fetch(this.address(other.page), {
          method: "DELETE", credentials: "same-origin", redirect: "manual", headers: asking(),
        });
        if (answer.status === 401 || answer.status === 409) ended(answer.status);
        if (answer.status !== 204) throw new Error(String(answer.status));
      }
    } catch {
      this.say("草稿没有丢弃成功，请再试一次。", true);
      return;
    }
    this.rows = this.rows.filter((other) => !gone.includes(other));
    this.offered = this.offered.filter((other) => !gone.includes(other));
    this.show();
    this.say("草稿已丢弃");
    [...this.form.elements].find((control) => keepable(control) && !control.disabled)?.focus();
  }
}

// Signing out waits until what was typed is kept, and asks when it can't be.
let leaving = false;
addEventListener("submit", async (event) => {
  const form = event.target;
  const open = [...followed].filter((follower) => follower.unsaved());
  if (leaving || !open.length || !form.matches("[data-sign-out]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const results = await Promise.all(open.map((follower) => follower.save()));
  if (!results.every((result) => KEPT.has(result)) && !(await ask("填写的内容没有存成草稿，退出后就没有了。", "仍要退出"))) return;
  for (const follower of open) follower.finished = true;
  leaving = true;
  form.requestSubmit(event.submitter);
  leaving = false;
}, true);

export function startDrafts(root) {
  for (const form of root.querySelectorAll?.("form[data-draft]") ?? []) {
    if (form.dataset.draftFollowed) continue;
    form.dataset.draftFollowed = "yes";
    followed.add(new Follower(form));
  }
}
