// One file, sent in pieces to an address of its own. A broken line is taken up again by itself; the same file chosen
// again later, even after a reload, goes on where it stopped, as its address is made of the file. Nothing is kept in
// the browser.
const WAITS = [500, 1000, 2000, 4000, 8000, 15000, 30000];
const SAMPLE = 65536;

// 128 bits of name, size, date and some content: enough to tell one person's files apart. No secret depends on it.
async function keyOf(file) {
  const parts = [file.slice(0, SAMPLE), file.slice(Math.max(0, file.size - SAMPLE))];
  const bytes = [new TextEncoder().encode(`${file.name}|${file.size}|${file.lastModified}|`)];
  for (const part of parts) bytes.push(new Uint8Array(await part.arrayBuffer()));
  const lanes = [0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35];
  for (const some of bytes) {
    for (const byte of some) {
      for (let n = 0; n < 4; n += 1) lanes[n] = Math.imul(lanes[n] ^ (byte + n), 0x01000193 + 2 * n);
    }
  }
  return lanes.map((lane) => (lane >>> 0).toString(16).padStart(8, "0")).join("");
}

function post(url, data, progress) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.addEventListener("loadend", () => done({
      status: request.status,
      wait: Number(request.getResponseHeader("Retry-After")) || 0,
      body: request.getResponseHeader("Content-Type")?.startsWith("application/json")
        ? JSON.parse(request.responseText) : null,
    }));
    request.send(data);
  });
}

async function ask(url) {
  try {
    const answer = await fetch(url, {
      credentials: "same-origin", headers: { Accept: "application/json" }, redirect: "manual",
    });
    return {
      status: answer.status,
      body: answer.ok ? await answer.json() : null,
      wait: Number(answer.headers.get("Retry-After")) || 0,
    };
  } catch {
    return { status: 0, body: null, wait: 0 };
  }
}

// Whichever comes first: the time, or the network.
function pause(milliseconds) {
  return new Promise((done) => {
    const end = () => { clearTimeout(timer); removeEventListener("online", end); done(); };
    const timer = setTimeout(end, milliseconds);
    addEventListener("online", end);
  });
}

// {added}, {refused: [sentences]}, {broken: true} after many tries, {gone: true} where the address takes nothing (any
// more). begun(key) is called first with the key of the file; tell(share, words) with how much is there, 0 to 1.
export async function sendInPieces({ file, address, piece, token, what, tell, begun }) {
  const key = await keyOf(file);
  begun?.(key);
  const url = address.replace("KEY", key);
  const last = Math.floor(Math.max(0, file.size - 1) / piece) * piece;
  // What fits into one piece needs no question first.
  let at = file.size <= piece ? 0 : null;
  let failed = 0;
  for (;;) {
    let answer;
    if (at === null) {
      answer = await ask(url);
    } else {
      const data = new FormData();
      const fields = { csrfmiddlewaretoken: token(), name: file.name, size: file.size, offset: at, what: what ?? "" };
      for (const [name, value] of Object.entries(fields)) data.append(name, value);
      const end = Math.min(at + piece, file.size);
      data.append("piece", file.slice(at, end), "piece");
      answer = await post(url, data, (part) => {
        tell((at + part * (end - at)) / file.size, end === file.size && part === 1 ? "checking" : "sending");
      });
    }
    const { status, body, wait } = answer;
    if ((status === 200 || status === 409) && body) {
      if (body.added) return { added: body.added, key };
      failed = 0;
      at = Math.min(body.received, last);
      tell(body.received / file.size, "sending");
    } else if (body?.refused) {
      return { refused: body.refused };
    } else if (status === 429) {
      tell(null, "waiting");
      await pause(wait * 1000);
    } else if (status === 0 || status >= 500) {
      if (failed === WAITS.length) return { broken: true };
      tell(null, "broken");
      await pause(WAITS[failed]);
      failed += 1;
      at = null;
    } else {
      return { gone: true };
    }
  }
}
