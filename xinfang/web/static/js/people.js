// People pasted from a sheet: several lines, or a line with tabs, pasted into a field of a person, become rows. What is
// a telephone, an ID number or an address is told by how it looks; titles of columns are left out.
import { ensureRows } from "./rows.js";

const TITLES = /^(序号|姓名|名称|电话|手机|联系电话|联系方式|住址|地址|身份证号?码?|证件号码|备注)$/;

function personIn(line) {
  const found = { name: "", phone: "", id_number: "", address: "" };
  const cells = line.split(/\t|\s{2,}|[,，](?=\s*\S)/).map((cell) => cell.trim()).filter(Boolean);
  if (cells.length > 0 && cells.every((cell) => TITLES.test(cell))) return null;
  for (const cell of cells) {
    const digits = cell.replace(/[\s-]/g, "");
    if (/^\d{1,3}$/.test(cell)) continue; // its number in the list
    if (!found.id_number && /^(\d{15}|\d{17}[\dXx])$/.test(digits)) found.id_number = digits;
    else if (!found.phone && /^[\d-]{7,}/.test(cell)) found.phone = cell;
    else if (!found.name) found.name = cell;
    else found.address = found.address ? `${found.address} ${cell}` : cell;
  }
  return found.name || found.phone ? found : null;
}

function put(form, name, value) {
  const control = form.elements[name];
  if (!control || !value) return;
  control.value = value;
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("paste", (event) => {
  const block = event.target.closest?.("[data-rows-block=persons]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!block || !/\n.|\t/.test(text.trim())) return;
  const people = text.split(/\r?\n/).map(personIn).filter(Boolean);
  if (people.length === 0) return;
  event.preventDefault();
  const { form } = event.target;
  const rows = [...form.elements].filter((control) => /^persons-\d+-name$/.test(control.name));
  const free = rows.find((control) => !control.value.trim());
  const first = free ? rows.indexOf(free) : rows.length;
  ensureRows(form, people.map((_, place) => `persons-${first + place}-name`));
  people.forEach((person, place) => {
    for (const [field, value] of Object.entries(person)) put(form, `persons-${first + place}-${field}`, value);
  });
});

// A group visit is spoken for by representatives: who is added while the number says so begins as one.
function asGroup(form) {
  const most = Number(form.elements.group_size?.dataset.group ?? 0);
  const channel = [...form.elements].find((control) => control.name === "channel" && control.checked)?.value;
  if (!most || channel !== "visit" || Number(form.elements.group_size.value) < most) return;
  for (const role of form.querySelectorAll("select[name^=persons-][name$=-role]")) {
    if (role.value === "petitioner" && !role.dataset.chosen) role.value = "representative";
  }
}

const form = document.getElementById("register-form");
form?.addEventListener("change", (event) => {
  if (event.isTrusted && event.target.name?.endsWith("-role")) event.target.dataset.chosen = "yes";
  asGroup(form);
});
