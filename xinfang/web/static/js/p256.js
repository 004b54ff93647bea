// Checking an ECDSA signature on the curve P-256 with nothing but whole numbers. Nothing here is secret, so how long it
// takes may tell what it likes.
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
const G = [
  0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
  1n,
];
const NOWHERE = [1n, 1n, 0n];

function mod(number, modulus) {
  const rest = number % modulus;
  return rest < 0n ? rest + modulus : rest;
}

function inverse(number, modulus) {
  let [a, b, x, y] = [mod(number, modulus), modulus, 1n, 0n];
  while (b) {
    const times = a / b;
    [a, b, x, y] = [b, a - times * b, y, x - times * y];
  }
  return mod(x, modulus);
}

function doubled([x, y, z]) {
  if (!z || !y) return NOWHERE;
  const delta = mod(z * z, P);
  const gamma = mod(y * y, P);
  const beta = mod(x * gamma, P);
  const alpha = mod(3n * (x - delta) * (x + delta), P);
  const newX = mod(alpha * alpha - 8n * beta, P);
  return [newX, mod(alpha * (4n * beta - newX) - 8n * gamma * gamma, P), mod(2n * y * z, P)];
}

function added(one, other) {
  if (!one[2]) return other;
  if (!other[2]) return one;
  const [x1, y1, z1] = one;
  const [x2, y2, z2] = other;
  const square1 = mod(z1 * z1, P);
  const square2 = mod(z2 * z2, P);
  const u = mod(x1 * square2, P);
  const s = mod(y1 * z2 * square2, P);
  const h = mod(x2 * square1 - u, P);
  const r = mod(y2 * z1 * square1 - s, P);
  if (!h) return r ? NOWHERE : doubled(one);
  const h2 = mod(h * h, P);
  const h3 = mod(h * h2, P);
  const x = mod(r * r - h3 - 2n * u * h2, P);
  return [x, mod(r * (u * h2 - x) - s * h3, P), mod(h * z1 * z2, P)];
}

function sumOfMultiples(first, second, point) {
  const both = added(G, point);
  let sum = NOWHERE;
  for (let bit = 255n; bit >= 0n; bit -= 1n) {
    sum = doubled(sum);
    const [one, two] = [(first >> bit) & 1n, (second >> bit) & 1n];
    if (one && two) sum = added(sum, both);
    else if (one) sum = added(sum, G);
    else if (two) sum = added(sum, point);
  }
  return sum;
}

function pointOf(key) {
  if (!/^04[0-9a-f]{128}$/.test(key)) return null;
  const [x, y] = [BigInt(`0x${key.slice(2, 66)}`), BigInt(`0x${key.slice(66)}`)];
  return x < P && y < P && mod(y * y - (x * x * x - 3n * x + B), P) === 0n ? [x, y, 1n] : null;
}

function spelled(number) {
  let digits = number.toString(16);
  digits = digits.length % 2 ? `0${digits}` : digits;
  digits = parseInt(digits.slice(0, 2), 16) > 127 ? `00${digits}` : digits;
  return `02${(digits.length / 2).toString(16).padStart(2, "0")}${digits}`;
}

// The one spelling of a signature: a list of two whole numbers (DER), in lower-case hexadecimal digits.
export function derOf(r, s) {
  const both = spelled(r) + spelled(s);
  return `30${(both.length / 2).toString(16).padStart(2, "0")}${both}`;
}

function numbersOf(signature) {
  if (!/^30[0-9a-f]{2}02[0-9a-f]+$/.test(signature)) return null;
  const length = parseInt(signature.slice(6, 8), 16) * 2;
  const [r, rest] = [signature.slice(8, 8 + length), signature.slice(8 + length)];
  const s = rest.slice(4);
  if (!r || !s) return null;
  const found = [BigInt(`0x${r}`), BigInt(`0x${s}`)];
  return derOf(...found) === signature ? found : null;
}

// key: the point, uncompressed; digest: 32 bytes; signature: DER. All in lower-case hexadecimal digits.
export function isSigned(key, digest, signature) {
  const point = pointOf(key);
  const numbers = numbersOf(signature);
  if (!point || !numbers || !/^[0-9a-f]{64}$/.test(digest)) return false;
  const [r, s] = numbers;
  if (r < 1n || r >= N || s < 1n || s >= N) return false;
  const w = inverse(s, N);
  const [x, , z] = sumOfMultiples(mod(BigInt(`0x${digest}`) * w, N), mod(r * w, N), point);
  if (!z) return false;
  return mod(mod(x * inverse(z * z, P), P), N) === r;
}
