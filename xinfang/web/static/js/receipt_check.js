// Shows what a receipt proves: in the file that a petitioner keeps, on the page of the window, and in that page saved
// as a file. All of it happens on this device; nothing is sent.
import { checkReceipt, keyNumber, readReceipt, receiptInside } from "./receipt_proof.js";
import { sm3OfFile } from "./sm3.js";

const place = document.querySelector("[data-receipt-check]");

function made(name, text = "", kind = "") {
  const element = document.createElement(name);
  element.textContent = text;
  if (kind) element.className = kind;
  return element;
}

function momentOf(written) {
  const [, year, month, day, time] = /^(\d{4})-(\d\d)-(\d\d)T([\d:]{8})\+08:00$/.exec(written) ?? [];
  return year ? `${year}年${Number(month)}月${Number(day)}日 ${time}` : written;
}

function dayOf(written) {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(written) ?? [];
  return year ? `${year}年${Number(month)}月${Number(day)}日` : written;
}

function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} 字节`;
  return bytes < 2 ** 20 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 2 ** 20).toFixed(1)} MB`;
}

function verdictOf(found, keyIsInside) {
  if (found.state === "unreadable") {
    return ["wrong", "这不是信访回执，或者不完整。", "请选择保存的回执文件，或者把回执文本整段粘贴进来。"];
  }
  if (found.state === "altered") {
    return ["wrong", "签名不对。", "内容改动过，或者不是本厅签发的。不要相信它写的内容。"];
  }
  if (found.state === "foreign") {
    return ["wrong", "不是本厅签发的。", `它用另一把钥匙签名，公钥编号 ${found.keyNumber}，不是本厅的。`];
  }
  if (keyIsInside) {
    return ["right", "签名与本文件里的公钥相符，内容一字未改。",
      `公钥编号 ${found.keyNumber}。请与信访窗口网页、宣传单或者公告栏上的编号核对：一样，才是本厅签发的。`];
  }
  return ["right", "签名正确：是本厅签发的，内容一字未改。", `公钥编号 ${found.keyNumber}。`];
}

function fileLine(file) {
  const line = made("li", `${file.name}（${sizeOf(file.size)}）`);
  line.append(made("br"), made("small", `SM3 ${file.sm3}`, "digest"));
  return line;
}

function contentOf(found) {
  const { said } = found;
  const list = made("dl", "", "dl");
  const row = (label, ...content) => {
    const value = made("dd");
    value.append(...content);
    list.append(made("dt", label), value);
  };
  if (said.department) row("签发", said.department);
  row("编号", said.number);
  row("收到时间", momentOf(said.received_at));
  if (!found.short) {
    row("事由", said.text.subject ?? "");
    if (said.text.body) row("内容", made("p", said.text.body, "kept-lines"));
    const requests = (said.text.requests ?? []).map((one) => made("li", one.text));
    if (requests.length) row("要求", listOf("ol", requests));
    row("收到的文件", said.files.length ? listOf("ul", said.files.map(fileLine)) : "没有");
    const missing = said.not_arrived.map((file) => made("li", `${file.name}：${file.why}`));
    if (missing.length) row("没有收到的文件", listOf("ul", missing));
  }
  row("回执摘要（SM3）", made("small", found.digest, "digest"));
  if (found.short) row("说明", "二维码只有编号、时间和摘要；内容请看回执文件或者纸质回执。");
  if (found.seal) row("每夜封印", sealText(found.seal));
  return list;
}

function sealText(seal) {
  return seal.wrong ? "附带的封印证明不对，不能证明登记记录在封印之内。"
    : `登记记录在${dayOf(seal.day)}第${seal.number}号封印之内，封印之后改动、删去都会被发现。封印的 SM3：${seal.hash}。`
      + "可与信访窗口“数据公开”公布的核对。";
}

function listOf(name, items) {
  const list = made(name);
  list.append(...items);
  return list;
}

function show(result, compare, found, keyIsInside) {
  const [kind, verdict, more] = verdictOf(found, keyIsInside);
  const told = made("div", "", `verdict is-${kind}`);
  told.append(made("p", verdict, "verdict-words"), made("p", more));
  result.replaceChildren(told, ...(found.state === "right" ? [contentOf(found)] : []));
  compare.hidden = !(found.state === "right" && !found.short && found.said.files.length);
  compare.files = found.said?.files ?? [];
  compare.querySelector("[data-compared]").textContent = "";
}

async function compared(compare, file) {
  const said = compare.querySelector("[data-compared]");
  said.textContent = "正在计算…";
  const digest = await sm3OfFile(file, (share) => { said.textContent = `正在计算…${Math.floor(share * 100)}%`; });
  const same = compare.files.findIndex((one) => one.sm3 === digest);
  said.textContent = same >= 0
    ? `“${file.name}”与回执上第${same + 1}个文件“${compare.files[same].name}”完全相同。`
    : `“${file.name}”与回执上的文件都不同。它的 SM3：${digest}。照片在发送时缩小过、文件打开后另存过的，也会不同。`;
}

function start() {
  const result = place.querySelector("[data-check-result]");
  const compare = place.querySelector("[data-compare]");
  compare.querySelector("input").addEventListener("change", (event) => {
    if (event.target.files[0]) compared(compare, event.target.files[0]);
  });
  const inside = document.getElementById("receipt");
  if (inside) {
    const given = receiptInside(inside.textContent);
    show(result, compare, checkReceipt(given, given?.key ?? ""), true);
    return;
  }
  const own = place.dataset.ownKey;
  for (const number of place.querySelectorAll("[data-key-number]")) {
    number.textContent = own.split(" ").map(keyNumber).join("、");
  }
  const check = (written) => {
    show(result, compare, checkReceipt(readReceipt(written), own), false);
    result.focus();
  };
  const form = place.querySelector("form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    check(form.elements.text.value);
  });
  form.elements.file.addEventListener("change", async (event) => {
    if (event.target.files[0]) check(await event.target.files[0].text());
  });
  if (location.hash.startsWith("#XFHZ1.")) check(location.hash.slice(1));
}

if (place) start();
