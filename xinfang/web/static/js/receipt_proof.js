// What a receipt says and whether it is the department's, worked out on this device alone. The same is in Python:
// window/receipt_proof.py.
import { derOf, isSigned } from "./p256.js";
import { sm3 } from "./sm3.js";

const FORMAT = "xinfang-receipt-1";
const CHAIN = "xinfang-chain-1";
const INSIDE = /<script type="application\/json" id="receipt">([^<]*)<\/script>/;
const TWO_LINES = /^(\{[^\r\n]*\})\r?\n([0-9a-f]+)$/;
const SHORT = /(XFHZ1\.([A-Z]{2}[0-9]{10}(?:[0-9]{6})?)\.([0-9]{14})\.([0-9A-Za-z_-]{43}))\.([0-9A-Za-z_-]{86})$/;
const utf8 = new TextEncoder();

function hexOf(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytesOf(base64) {
  try {
    return Uint8Array.from(atob(base64.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

// By what people compare two keys: twenty digits of the key's digest, in groups of four.
export function keyNumber(key) {
  return sm3(bytesOf(key)).slice(0, 20).toUpperCase().match(/.{4}/g).join(" ");
}

function ofJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// What was given (a saved file, its text, what a QR code says) as {text, signature, key, seal}; null where it is none.
export function readReceipt(written) {
  const plain = written.trim();
  const short = SHORT.exec(plain);
  if (short) {
    const bytes = bytesOf(short[5]);
    const both = hexOf(bytes);
    const numbers = [BigInt(`0x${both.slice(0, 64)}`), BigInt(`0x${both.slice(64)}`)];
    // Another spelling of the same bytes is no receipt either.
    const same = base64url(bytes) === short[5];
    return { text: short[1], signature: same ? derOf(...numbers) : "", key: "", seal: null, short };
  }
  const lines = TWO_LINES.exec(plain);
  if (lines) return { text: lines[1], signature: lines[2], key: "", seal: null };
  return receiptInside(INSIDE.exec(written)?.[1] ?? "");
}

// The receipt in the data of a saved file.
export function receiptInside(data) {
  const inside = ofJson(data);
  if (typeof inside?.text !== "string" || typeof inside.signature !== "string") return null;
  return {
    text: inside.text, signature: inside.signature, key: typeof inside.key === "string" ? inside.key : "",
    seal: inside.seal ?? null,
  };
}

function saidBy(given) {
  if (!given.short) return ofJson(given.text);
  const [, , number, at, digest] = given.short;
  const [, year, month, day, hour, minute, second] = /^(....)(..)(..)(..)(..)(..)$/.exec(at);
  return {
    number, digest: hexOf(bytesOf(digest)), received_at: `${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`,
  };
}

// {state, said, digest, keyNumber, seal}. state: "right"; "foreign", signed with none of `ownKeys`; "altered",
// no signature fits; "unreadable". Only of a right one is anything said.
export function checkReceipt(given, ownKeys) {
  if (!given) return { state: "unreadable" };
  const digest = sm3(utf8.encode(given.text));
  const fits = (key) => isSigned(hexOf(bytesOf(key)), digest, given.signature);
  const own = ownKeys.split(" ");
  const ownKey = own.find(fits);
  if (ownKey) {
    const said = saidBy(given);
    if (!said || (!given.short && said.format !== FORMAT)) return { state: "unreadable" };
    return {
      state: "right", said, digest: given.short ? said.digest : digest, keyNumber: keyNumber(ownKey),
      short: Boolean(given.short), seal: given.seal && checkSeal(given.seal, said.event),
    };
  }
  if (given.key && !own.includes(given.key) && fits(given.key)) {
    return { state: "foreign", keyNumber: keyNumber(given.key) };
  }
  return { state: "altered" };
}

// Whether the night's seal covers the registration: {number, day, hash}, or {wrong: true}.
function checkSeal(seal, event) {
  const fields = ofJson(String(seal.line));
  const wrong = { wrong: true };
  if (sm3(utf8.encode(String(seal.line))) !== seal.hash || !Array.isArray(fields) || fields.length !== 11) return wrong;
  if (fields[0] !== CHAIN || fields[2] !== "seal") return wrong;
  const names = ["cases_event", "cases_accesslogentry", "audit_adminrecord"];
  const lines = String(seal.covers).split("\n");
  if (lines.pop() !== "") return wrong;
  let [table, count, found, hashed] = [-1, 0, false, ""];
  for (const line of lines) {
    if (line === names[table + 1]) {
      table += 1;
      hashed += `${line}\n`;
    } else if (table >= 0 && /^[0-9a-f]{64}$/.test(line)) {
      count += 1;
      hashed += line;
      found = found || (table === 0 && line === event);
    } else {
      return wrong;
    }
  }
  if (table !== 2 || !found || count !== fields[9] || sm3(utf8.encode(hashed)) !== fields[10]) return wrong;
  return { number: fields[3], day: fields[4], hash: seal.hash };
}
