// The fixed functions of JavaScript modules in the integers of TensorFlow Lite.

// what they take

/** The inputs as whole numbers. @type {(x: number[], count: number) => number[]} */
function _input(x, count) {
  const found = Array.from(x, Number);
  if (found.length !== count || !found.every((q) => Number.isInteger(q) && q >= -128 && q <= 127)) {
    throw new RangeError(`expected ${count} whole numbers from -128 to 127, got ${String(x).slice(0, 80)}`);
  }
  return found;
}

/**
 * Weighted sums, each times multiplier / 2^shift, rounded to the nearest, with the zero point, from low to high.
 * Products of 32-bit numbers need BigInt: a double has 53 bits.
 * @type {(a: number[], weights: number[][], biases: number[], multipliers: number[], shifts: number[], zero: number, low: number, high: number) => number[]}
 */
function _connected(a, weights, biases, multipliers, shifts, zero, low, high) {
  return weights.map((row, i) => {
    const k = multipliers.length > 1 ? i : 0;
    const sum = row.reduce((all, w, j) => all + w * a[j], biases[i]);
    const shift = BigInt(shifts[k]);
    const q = Number((BigInt(sum) * BigInt(multipliers[k]) + (1n << (shift - 1n))) >> shift) + zero;
    return q < low ? low : q > high ? high : q;
  });
}

/** a * b / 2^31, rounded to the nearest; a half up. @type {(a: bigint, b: bigint) => bigint} */
function _high(a, b) {
  return (a * b + (1n << 30n)) >> 31n;
}

/** 2^31 / (1 + a / 2^31), by three steps of Newton's method (gemmlowp). @type {(a: bigint) => bigint} */
function _reciprocal(a) {
  const half = (a + (1n << 31n)) >> 1n;
  let x = 1515870810n + _high(half, -1010580540n);
  for (let k = 0; k < 3; k++) x += 4n * _high(x, (1n << 29n) - _high(half, x));
  return 2n * x < 1n << 31n ? 2n * x : (1n << 31n) - 1n;
}

/** The shares of activations in units of 1/256, less 128. @type {(a: number[], exponentials: number[]) => number[]} */
function _softmax(a, exponentials) {
  const largest = a.reduce((most, q) => (q > most ? q : most), -128);
  const e = a.map((q) => exponentials[largest - q] ?? 0);
  const total = e.reduce((sum, v) => sum + Math.floor((v + 2048) / 4096), 0);
  const places = 32 - total.toString(2).length;
  const scale = _reciprocal((BigInt(total) << BigInt(places)) - (1n << 31n));
  const bits = BigInt(12 - places + 23);
  return e.map((v) => {
    const q = Number((_high(scale, BigInt(v)) + (1n << (bits - 1n))) >> bits) - 128;
    return q > 127 ? 127 : q;
  });
}

/**
 * A number times multiplier / 2^shift, rounded twice: by 2^31, then by the rest, a half away from 0 (gemmlowp).
 * @type {(q: number, scale: number[]) => number}
 */
function _twice(q, [multiplier, shift]) {
  const high = Number(_high(BigInt(q), BigInt(multiplier)));
  const unit = 2 ** (shift - 31);
  return Math.sign(high) * Math.floor(Math.abs(high) / unit + 0.5);
}

/**
 * The sums of two vectors, each brought to one scale with 20 binary digits more, then rescaled.
 * @type {(a: number[], b: number[], zeros: number[], scales: number[][], scale: number[], zero: number, low: number, high: number) => number[]}
 */
function _added(a, b, zeros, scales, scale, zero, low, high) {
  return a.map((p, i) => {
    const sum = _twice((p - zeros[0]) * 2 ** 20, scales[0]) + _twice((b[i] - zeros[1]) * 2 ** 20, scales[1]);
    const q = _twice(sum, scale) + zero;
    return q < low ? low : q > high ? high : q;
  });
}

/**
 * The products of two vectors, rescaled.
 * @type {(a: number[], b: number[], zeros: number[], scale: number[], zero: number, low: number, high: number) => number[]}
 */
function _multiplied(a, b, zeros, scale, zero, low, high) {
  return a.map((p, i) => {
    const q = _twice((p - zeros[0]) * (b[i] - zeros[1]), scale) + zero;
    return q < low ? low : q > high ? high : q;
  });
}
