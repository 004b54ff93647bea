// What was chosen is listed with its size; photographs of a telephone are made smaller; each file is sent in pieces
// while the form is filled in, and goes on where a broken line stopped it. The form names those that are there. Without
// this script, or where no piece goes through, the files come with the form.
import { sendInPieces } from "./pieces.js";

const LONGEST = 2400;
const LARGE = 1.5 * 1024 * 1024;
const QUALITY = 0.85;
const LINES = {
  waiting: "等待上传", sending: "正在上传", checking: "正在上传", added: "已传到", broken: "网络断开，正在重试",
  failed: "没有传完：网络断开了", gone: "没有传到，提交时再传",
};

function sizeInWords(bytes) {
  const kilobytes = Math.max(1, Math.round(bytes / 1024));
  return kilobytes < 1024 ? `${kilobytes} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}

async function smaller(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size < LARGE) return file;
  try {
    const picture = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!made || made.size >= file.size) return file;
    return new File([made], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  } catch {
    // A picture that this browser can't read is sent as it is; the receipt says whether it was taken.
    return file;
  }
}

function hidden(name, value) {
  const input = document.createElement("input");
  input.type = "hidden";
  input.name = name;
  input.value = value;
  return input;
}

function button(words, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn second small";
  made.textContent = words;
  made.addEventListener("click", press);
  return made;
}

class Files {
  constructor(field) {
    this.field = field;
    this.input = field.querySelector("input[type=file]");
    this.list = field.querySelector("[data-chosen-files]");
    this.form = this.input.form;
    this.sending = 0;
    this.turn = Promise.resolve();
    this.pressed = null;
    this.input.addEventListener("change", () => this.chosen([...this.input.files]));
    this.form.addEventListener("submit", (event) => this.submitted(event));
  }

  chosen(files) {
    // They go one by one from here on; the form must not send them a second time.
    this.input.value = "";
    this.sending += files.length;
    for (const file of files) {
      const item = document.createElement("li");
      const said = document.createElement("span");
      const words = document.createElement("span");
      said.textContent = `${file.name}，${sizeInWords(file.size)}：`;
      words.textContent = LINES.waiting;
      item.append(said, words);
      this.list.append(item);
      this.turn = this.turn.then(async () => {
        const made = await smaller(file);
        if (made !== file) {
          said.textContent = `${made.name}，${sizeInWords(made.size)}（已缩小，原来 ${sizeInWords(file.size)}）：`;
        }
        if (this.field.dataset.windowFiles) await this.send(made, item, words);
        else this.withForm(made, item, words);
      });
    }
  }

  withForm(file, item, words) {
    words.remove();
    this.giveBack(file, item);
    item.append(" ", button("移除", () => {
      item.remove();
      const left = new DataTransfer();
      for (const one of this.input.files) if (one !== file) left.items.add(one);
      this.input.files = left.files;
    }));
    this.ended();
  }

  ended() {
    this.sending -= 1;
    if (this.sending === 0 && this.pressed) this.form.requestSubmit(this.pressed);
  }

  async send(file, item, words) {
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", `上传 ${file.name}`);
    item.append(" ", bar);
    const done = await sendInPieces({
      file,
      address: this.field.dataset.windowFiles,
      piece: Number(this.field.dataset.piece),
      token: () => this.form.elements.csrfmiddlewaretoken.value,
      begun: (key) => {
        if (![...item.querySelectorAll("[name=piece]")].some((one) => one.value === key)) {
          item.append(hidden("piece", key), hidden("piece_name", file.name));
        }
      },
      tell: (share, said) => {
        if (share !== null) bar.value = share;
        if (words.textContent !== LINES[said]) words.textContent = LINES[said];
      },
    }).catch(() => ({ gone: true }));
    bar.remove();
    words.textContent = done.added ? LINES.added
      : done.refused ? done.refused.join("；")
      : done.broken ? LINES.failed : LINES.gone;
    if (done.broken) {
      const again = button("继续上传", () => {
        again.remove();
        this.sending += 1;
        this.turn = this.turn.then(() => this.send(file, item, words));
      });
      item.append(" ", again);
    }
    if (done.gone) this.giveBack(file, item);
    item.append(" ", button("移除", () => item.remove()));
    this.ended();
  }

  // No piece goes through: the file comes with the form, as it would without this script.
  giveBack(file, item) {
    const chosen = new DataTransfer();
    for (const one of [...this.input.files, file]) chosen.items.add(one);
    this.input.files = chosen.files;
    for (const control of item.querySelectorAll("input")) control.remove();
  }

  submitted(event) {
    if (this.sending === 0) return;
    event.preventDefault();
    this.pressed = event.submitter;
    if (!this.field.querySelector("[data-still-sending]")) {
      const note = document.createElement("p");
      note.className = "notice";
      note.dataset.stillSending = "";
      note.setAttribute("role", "status");
      note.textContent = "文件还在上传，传完会自动提交。网络断了会自己接着传，不用重来。";
      this.list.after(note);
      note.append(" ", button("不等了，先提交", () => {
        this.sending = 0;
        this.form.requestSubmit(this.pressed);
      }));
    }
  }
}

for (const field of document.querySelectorAll("[data-window-files]")) {
  if (typeof DataTransfer === "function") new Files(field);
}
