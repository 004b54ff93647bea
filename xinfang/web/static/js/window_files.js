// Photographs of a telephone are made smaller before they are sent; what was chosen is listed, with its size.
const LONGEST = 2400;
const LARGE = 1.5 * 1024 * 1024;
const QUALITY = 0.85;

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

for (const input of document.querySelectorAll("input[type=file][data-shrink]")) {
  const list = input.closest(".field").querySelector("[data-chosen-files]");
  let own = false;
  input.addEventListener("change", async () => {
    if (own) return;
    const before = [...input.files];
    input.form.setAttribute("aria-busy", "true");
    const after = await Promise.all(before.map(smaller));
    input.form.removeAttribute("aria-busy");
    if (typeof DataTransfer === "function" && after.some((file, n) => file !== before[n])) {
      const chosen = new DataTransfer();
      for (const file of after) chosen.items.add(file);
      own = true;
      input.files = chosen.files;
      own = false;
    }
    list.replaceChildren(...after.map((file, n) => {
      const item = document.createElement("li");
      const made = file === before[n] ? "" : `（已缩小，原来 ${sizeInWords(before[n].size)}）`;
      item.textContent = `${file.name}，${sizeInWords(file.size)}${made}`;
      return item;
    }));
  });
}
