// The offer of what was typed earlier and not sent: above the form, the newest first, until each is answered.

function clockText(iso) {
  const moment = iso ? new Date(iso) : new Date();
  // The department's time, whatever the computer's zone is set to.
  const zone = { timeZone: "Asia/Shanghai" };
  const time = moment.toLocaleTimeString("zh-CN", { ...zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = moment.toLocaleDateString("zh-CN", { ...zone, month: "long", day: "numeric" });
  const today = moment.toLocaleDateString("zh-CN", zone) === new Date().toLocaleDateString("zh-CN", zone);
  return today ? time : `${day} ${time}`;
}

function element(tag, className, ...content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

function buttons(row, small, restore, discard) {
  const bar = element("div", "buttons");
  for (const [words, style, act] of [["恢复草稿", "btn", restore], ["丢弃", "btn second", discard]]) {
    const button = element("button", small ? `${style} small` : style, words);
    button.type = "button";
    button.addEventListener("click", () => act(row));
    bar.append(button);
  }
  return bar;
}

const said = (row) => `${clockText(row.saved_at)} 保存、尚未提交的草稿${row.gist ? `（${row.gist}）` : ""}`;

// `rows` that aren't answered yet; none of them takes the offer away.
function offer(form, rows, restore, discard) {
  form.previousElementSibling?.matches(".drafts") && form.previousElementSibling.remove();
  if (!rows.length) return;
  const [newest, ...older] = rows;
  const box = element("div", "notice info no-print drafts", element("p", "", `这里有一份 ${said(newest)}。`));
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", "未提交的草稿");
  if (form.querySelector("input[type=file]")) box.append(element("p", "sub", "草稿只保存文字和选项；选择过的文件没有保存，须重新选择。"));
  box.append(buttons(newest, false, restore, discard));
  if (older.length) {
    const list = element("ul", "stackless");
    for (const row of older) {
      list.append(element("li", "", element("p", "", said(row)), buttons(row, true, restore, discard)));
    }
    box.append(element("details", "more", element("summary", "", `另有更早的 ${older.length} 份`), list));
  }
  form.before(box);
}

// What a restored draft holds and the form has no place for any more: shown, so that it can be copied.
function leftOver(form, fields) {
  const texts = Object.values(fields).flat().filter(Boolean);
  if (!texts.length) return;
  const box = element("div", "notice warn no-print", element("p", "", "草稿里的这些内容，这一页现在没有对应的栏目或选项，请自行填到合适的地方："));
  for (const text of texts) box.append(element("p", "pre", text));
  form.before(box);
}

export { clockText, element, leftOver, offer };
