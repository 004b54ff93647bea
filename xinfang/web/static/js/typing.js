// While somebody types: how many characters are left ([data-most]), whether a telephone or ID number can be right
// (names that end in -phone or -id_number), and a choice among many that is found by its first characters.
import { composing } from "./composing.js";

const NEAR = 0.8;

function said(control) {
  let line = control.parentElement.querySelector(":scope > .typed-hint");
  if (!line) {
    line = document.createElement("span");
    line.className = "help typed-hint";
    line.setAttribute("role", "status");
    control.after(line);
  }
  return line;
}

function tell(control, words) {
  if (words || control.parentElement.querySelector(":scope > .typed-hint")) said(control).textContent = words;
}

function count(control) {
  const most = Number(control.dataset.most);
  const length = [...control.value].length;
  if (length > most) tell(control, `已超出 ${length - most} 字（最多 ${most} 字），请精简，或将全文作为附件保存。`);
  else tell(control, length > most * NEAR ? `还可填写 ${most - length} 字。` : "");
}

// 18 digits with the check digit of GB 11643; 15 digits of old cards have none.
function idIsPossible(text) {
  if (/^\d{15}$/.test(text)) return true;
  if (!/^\d{17}[\dXx]$/.test(text)) return false;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((all, weight, place) => all + weight * Number(text[place]), 0);
  return "10X98765432"[sum % 11] === text[17].toUpperCase();
}

// Several numbers, with blanks, hyphens and extensions: 13800000000、0471-6328000转802.
function phoneIsPossible(text) {
  return text.split(/[、，,；;/]/).map((one) => one.trim()).filter(Boolean).every((one) => {
    const [number] = one.split(/转|分机|-(?=\d{1,5}$)/);
    const digits = number.replace(/[\s()（）+-]/g, "").replace(/^86(?=1\d{10}$)/, "");
    return /^1\d{10}$/.test(digits) || /^0\d{9,11}$/.test(digits) || /^\d{5,8}$/.test(digits)
      || /^[48]00\d{7}$/.test(digits);
  });
}

const ORGANISATION = /(公司|集团|研究院|研究所|大学|学院|学校|中心|工厂|合作社|委员会|协会|学会|事务所|医院|局|厅)$/;

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-most]")) count(event.target);
});
document.addEventListener("change", (event) => {
  const { name, value } = event.target;
  if (!name || !value?.trim()) {
    if (name && /-(phone|id_number|name)$/.test(name)) tell(event.target, "");
    return;
  }
  const kind = event.target.form?.elements[name.replace(/-name$/, "-kind")];
  if (name.endsWith("-name") && kind) {
    const unsure = ORGANISATION.test(value.trim()) && kind.value === "natural";
    tell(event.target, unsure ? "像是单位名称：请在“类型、证件、语言”中选择类型，否则按自然人遮盖。" : "");
  }
  if (name.endsWith("-phone")) tell(event.target, phoneIsPossible(value) ? "" : "号码的位数好像不对，请核对。");
  if (name.endsWith("-id_number") && /^[\dXx\s]{13,20}$/.test(value)) {
    const possible = idIsPossible(value.replace(/\s/g, ""));
    tell(event.target, possible ? "" : "身份证号码的位数或者校验位不对，请核对。");
  }
});

// Ctrl+Enter sends the form in which one types, or the one form of a step. Where the buttons decide, one of them must
// be pressed.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || composing(event) || event.defaultPrevented) return;
  const form = event.target.closest?.("form") ?? document.querySelector("form[data-step-form], form[data-enter-moves]");
  const buttons = [...(form?.querySelectorAll("button[type=submit]:not([disabled])") ?? [])];
  if (form?.method !== "post" || buttons.length === 0) return;
  event.preventDefault();
  if (buttons.length === 1) form.requestSubmit(buttons[0]);
  else buttons[0].focus();
});

// A list of many boxes: what is ticked is in view, the rest is found by typing.
const MANY = 8;
function startFilters(root) {
  for (const group of root.querySelectorAll?.("form[method=post] fieldset.field .choices") ?? []) {
    const labels = [...group.querySelectorAll("label.choice")].filter((one) => one.querySelector("[type=checkbox]"));
    if (labels.length <= MANY || group.previousElementSibling?.matches(".choices-filter")) continue;
    const search = document.createElement("input");
    search.type = "search";
    search.className = "control choices-filter";
    search.placeholder = `输入名称查找（共 ${labels.length} 项）`;
    const legend = group.closest("fieldset").querySelector("legend")?.textContent.trim();
    search.setAttribute("aria-label", `${legend}：输入名称查找`);
    search.autocomplete = "off";
    const show = () => {
      const wanted = search.value.trim();
      for (const label of labels) {
        const ticked = label.querySelector("input").checked;
        label.hidden = !(ticked || (wanted && label.textContent.includes(wanted)));
      }
      for (const title of group.querySelectorAll(".choices-group")) title.hidden = true;
    };
    search.addEventListener("input", show);
    group.addEventListener("change", show);
    // Enter takes the only one that is left.
    search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.ctrlKey || composing(event)) return;
      event.preventDefault();
      event.stopPropagation();
      const left = labels.filter((label) => !label.hidden && !label.querySelector("input").checked);
      if (left.length !== 1) return;
      left[0].querySelector("input").click();
      search.value = "";
      show();
    });
    group.before(search);
    show();
  }
}

startFilters(document);
document.addEventListener("htmx:load", (event) => startFilters(event.target));
addEventListener("pageshow", () => startFilters(document));
