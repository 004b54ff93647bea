// Repeatable blocks. In [data-rows-block="PREFIX"]: blocks [data-row] inside [data-rows-list], a
// <template data-rows-template> whose names read PREFIX-__i__-field, a [data-row-add] button, in each block a
// [data-row-remove] button and perhaps a [data-row-number]; [data-rows-count] holds how many there are.
// Rows are always numbered 0…n-1, so the server never meets a gap.

const NUMBERED = ["name", "id", "for", "aria-describedby", "aria-labelledby", "aria-controls", "list", "data-when"];

function list(block) {
  return block.querySelector("[data-rows-list]");
}

function rowsOf(block) {
  return [...list(block).children].filter((child) => child.matches("[data-row]"));
}

function renumber(block) {
  const prefix = block.dataset.rowsBlock;
  const number = new RegExp(`(^|[\\s&])${prefix.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}-(?:\\d+|__i__)-`, "g");
  const all = rowsOf(block);
  all.forEach((row, index) => {
    for (const part of [row, ...row.querySelectorAll("*")]) {
      for (const attribute of NUMBERED) {
        const value = part.getAttribute(attribute);
        if (value) {
          const changed = value.replace(number, `$1${prefix}-${index}-`);
          if (changed !== value) part.setAttribute(attribute, changed);
        }
      }
    }
    const shown = row.querySelector("[data-row-number]");
    if (shown) shown.textContent = String(index + 1);
    const remove = row.querySelector("[data-row-remove]");
    if (remove) {
      remove.hidden = all.length <= Number(block.dataset.rowsMin ?? 0);
      remove.setAttribute("aria-label", `${remove.textContent.trim()}第 ${index + 1} 项`);
    }
  });
  const count = block.querySelector("[data-rows-count]");
  if (count) count.value = String(all.length);
  const add = block.querySelector("[data-row-add]");
  if (add) {
    add.hidden = false;
    add.disabled = block.dataset.rowsMax !== undefined && all.length >= Number(block.dataset.rowsMax);
  }
}

function addRow(block) {
  const template = block.querySelector("template[data-rows-template]");
  const piece = template.content.cloneNode(true);
  list(block).append(piece);
  renumber(block);
  return rowsOf(block).at(-1);
}

function changed(block) {
  block.dispatchEvent(new Event("change", { bubbles: true }));
}

// Used when a draft with more rows than the page is brought back.
export function ensureRows(form, names) {
  for (const block of form.querySelectorAll("[data-rows-block]")) {
    const start = `${block.dataset.rowsBlock}-`;
    const highest = Math.max(-1, ...names.filter((name) => name.startsWith(start))
      .map((name) => Number.parseInt(name.slice(start.length), 10)).filter(Number.isInteger));
    const most = Math.min(highest + 1, Number(block.dataset.rowsMax ?? 200));
    while (rowsOf(block).length < most) addRow(block);
  }
}

// [data-rows-grow]: whoever types in the last row finds an empty one below it. Rows that stay empty are left out.
document.addEventListener("input", (event) => {
  const block = event.target.closest?.("[data-rows-grow]");
  if (!block || !event.target.value || !rowsOf(block).at(-1)?.contains(event.target)) return;
  if (rowsOf(block).length < Number(block.dataset.rowsMax ?? 20)) addRow(block);
});

function isEmpty(row) {
  return [...row.querySelectorAll("input:not([type=hidden]), textarea")].every((control) => !control.value.trim());
}

export function startRows(root) {
  for (const block of root.querySelectorAll?.("[data-rows-block]") ?? []) renumber(block);
}

document.addEventListener("click", (event) => {
  const add = event.target.closest?.("[data-row-add]");
  const remove = event.target.closest?.("[data-row-remove]");
  const block = (add ?? remove)?.closest("[data-rows-block]");
  if (!block) return;
  if (add) {
    const last = rowsOf(block).at(-1);
    const row = block.matches("[data-rows-grow]") && last && isEmpty(last) ? last : addRow(block);
    row.querySelector("input, select, textarea")?.focus();
  } else {
    const all = rowsOf(block);
    const at = all.indexOf(remove.closest("[data-row]"));
    all[at].remove();
    renumber(block);
    const next = rowsOf(block)[Math.min(at, all.length - 2)];
    (next?.querySelector("input, select, textarea") ?? block.querySelector("[data-row-add]"))?.focus();
  }
  changed(block);
});
