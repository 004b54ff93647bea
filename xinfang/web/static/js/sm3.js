// SM3 (GB/T 32905) in plain JavaScript: it works with the network off, in a file that was saved, piece by piece.
const START = [0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e];

function turned(word, places) {
  return (word << places) | (word >>> (32 - places));
}

const CONSTANTS = Int32Array.from({ length: 64 }, (_, j) => turned(j < 16 ? 0x79cc4519 : 0x7a879d8a, j % 32));

export class Sm3 {
  constructor() {
    this.state = Int32Array.from(START);
    this.block = new Uint8Array(64);
    this.filled = 0;
    this.length = 0;
    this.words = new Int32Array(68);
  }

  update(bytes) {
    this.length += bytes.length;
    let from = 0;
    while (from < bytes.length) {
      const some = Math.min(64 - this.filled, bytes.length - from);
      this.block.set(bytes.subarray(from, from + some), this.filled);
      this.filled += some;
      from += some;
      if (this.filled === 64) this.compress();
    }
    return this;
  }

  compress() {
    const { block, words, state } = this;
    for (let j = 0; j < 16; j += 1) {
      words[j] = (block[4 * j] << 24) | (block[4 * j + 1] << 16) | (block[4 * j + 2] << 8) | block[4 * j + 3];
    }
    for (let j = 16; j < 68; j += 1) {
      const x = words[j - 16] ^ words[j - 9] ^ turned(words[j - 3], 15);
      words[j] = x ^ turned(x, 15) ^ turned(x, 23) ^ turned(words[j - 13], 7) ^ words[j - 6];
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let j = 0; j < 64; j += 1) {
      const a12 = turned(a, 12);
      const first = turned((a12 + e + CONSTANTS[j]) | 0, 7);
      const second = first ^ a12;
      const one = ((j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c)) + d + second + (words[j] ^ words[j + 4])) | 0;
      const two = ((j < 16 ? e ^ f ^ g : (e & f) | (~e & g)) + h + first + words[j]) | 0;
      d = c;
      c = turned(b, 9);
      b = a;
      a = one;
      h = g;
      g = turned(f, 19);
      f = e;
      e = two ^ turned(two, 9) ^ turned(two, 17);
    }
    [a, b, c, d, e, f, g, h].forEach((word, place) => { state[place] ^= word; });
    this.filled = 0;
  }

  // The digest as 64 hexadecimal digits; afterwards nothing more can be added.
  hex() {
    const bits = BigInt(this.length) * 8n;
    const end = new Uint8Array(((this.filled < 56 ? 56 : 120) - this.filled) + 8);
    end[0] = 0x80;
    new DataView(end.buffer).setBigUint64(end.length - 8, bits);
    this.update(end);
    return Array.from(this.state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }
}

export function sm3(bytes) {
  return new Sm3().update(bytes).hex();
}

const PIECE = 2 ** 21;

// The digest of a file from this device, however large; it is read here and sent nowhere.
export async function sm3OfFile(file, tell) {
  const digest = new Sm3();
  for (let from = 0; from < file.size; from += PIECE) {
    tell?.(from / file.size);
    digest.update(new Uint8Array(await file.slice(from, from + PIECE).arrayBuffer()));
  }
  return digest.hex();
}
