/*
The fixed functions of JavaScript modules in nngen's own integers and in those of TensorFlow Lite, beside runtime.mjs: a
module gets those that it names.
*/

// what modules state themselves
const COLUMNS = ["age", "town"];
const MISSING = -32768;
const _KNOTS = [0, 2041];
const CATEGORIES = new Map([["town", ["Seoul"]]]);

/** Whether a value is missing. @type {(value: unknown) => boolean} */
function _is_missing(value) {
  return value === null;
}

/** Whether a value is missing in a column of texts. @type {(value: unknown, listed: readonly string[]) => boolean} */
function _is_gap(value, listed) {
  return value === null && listed.length > 0;
}

/** The place of a value. @type {(value: unknown, listed: readonly string[]) => number} */
function _place_of_cell(value, listed) {
  return listed.indexOf(String(value));
}

/** The texts of a column. @type {(of: Map<string, any>, column: string) => readonly string[]} */
const _listed = (of, column) => of.get(column);

/** A value in a message. @type {(value: unknown) => string} */
function _shown(value) {
  return `${value}`;
}

// what they take

// The number of a column, less its offset, as a whole number of units, within its range.
/** @type {(column: string, value: unknown, unit: number, low: number, high: number, offset?: number) => number} */
function _units(column, value, unit, low, high, offset = 0) {
  if (_is_missing(value)) {
    return MISSING;
  }
  const number = (Number(value) - offset) / unit;
  if (Number.isNaN(number)) {
    throw new RangeError(`${column}: expected a number, got ${_shown(value)}`);
  }
  return number <= low ? low : number >= high ? high : Math.floor(number + 0.5);
}

// The place of a category of a column, -1 for any other one, -2 for a missing value.
/** @type {(column: string, value: unknown) => number} */
function _code(column, value) {
  const listed = _listed(CATEGORIES, column);
  const place = _place_of_cell(value, listed);
  return _is_gap(value, listed) ? -2 : place < listed.length ? place : -1;
}

/** A row as whole numbers. @type {(row: number[]) => number[]} */
function _row(row) {
  if (row.length !== COLUMNS.length || !row.every(Number.isInteger)) {
    throw new RangeError(`expected a whole number for each of the ${COLUMNS.length} COLUMNS, got ${_shown(row)}`);
  }
  return row;
}

/** The number itself, or the nearer end of its range. @type {(n: number, low: number, high: number) => number} */
function _within(n, low, high) {
  return n < low ? low : n > high ? high : n;
}

// The activation of a number of a row; a missing one counts as fill.
/** @type {(n: number, fill: number, low: number, high: number, multiplier: number, shift: number) => number} */
function _scaled(n, fill, low, high, multiplier, shift) {
  return (((_within(n === MISSING ? fill : n, low, high) - low) * multiplier + ((1 << shift) >> 1)) >>> shift) - 127;
}

/**
 * The activation of the clip of a number of a row, which is on the line between two knots.
 * @type {(n: number, fill: number, low: number, high: number, distance: number, center: number, first: number, multiplier: number) => number}
 */
function _clipped(n, fill, low, high, distance, center, first, multiplier) {
  const t = (((_within(n === MISSING ? fill : n, low, high) - low) * distance + 2 ** 14) >>> 15) - center;
  const size = Math.abs(t);
  const shift = Math.max(28 - Math.clz32(size), 8);
  const place = 8 * (shift - 8) + (size >> shift);
  const more = ((_KNOTS[place + 1] - _KNOTS[place]) * (size & ((1 << shift) - 1))) >> shift;
  const found = _KNOTS[place] + more;
  return ((((t > 0 ? found : -found) - first) * multiplier + 2 ** 23) >>> 24) - 127;
}

// The activations of a category: that of its own place stands for 1.
/** @type {(code: number, count: number, fill: number) => number[]} */
function _chosen(code, count, fill) {
  const place = code === -2 ? fill : code;
  return Array.from({ length: count }, (_, i) => (i === place ? 127 : 0));
}

/** The sum of products of weights and activations. @type {(w: number[], x: number[]) => number} */
function _products(w, x) {
  return w.reduce((sum, u, i) => sum + u * x[i], 0);
}

// The place of a sum among equal steps from low to high: divided by 2^before, multiplied, divided by 2^after.
/** @type {(z: number, low: number, high: number, before: number, multiplier: number, after: number) => number} */
function _step(z, low, high, before, multiplier, after) {
  const above = (_within(z, low, high) - low + ((1 << before) >> 1)) >>> before;
  return (above * multiplier + ((1 << after) >> 1)) >>> after;
}

// The probabilities in units of 1/255, from the distance of each sum to the largest.
/** @type {(sums: number[], values: number[], ...rescale: [number, number, number, number, number]) => number[]} */
function _softmax(sums, values, ...rescale) {
  const largest = Math.max(...sums);
  const e = sums.map((z) => values[_step(largest - z, ...rescale)]);
  const total = e.reduce((a, b) => a + b);
  return e.map((v) => Math.floor((v * 255 + Math.floor(total / 2)) / total));
}

// The probabilities of two classes in units of 1/255, from the sum of the second.
/** @type {(sums: number[], values: number[], ...rescale: [number, number, number, number, number]) => number[]} */
function _two(sums, values, ...rescale) {
  const second = values[_step(sums[0], ...rescale)];
  return [255 - second, second];
}

/** The inputs as whole numbers. @type {(x: number[], count: number) => number[]} */
function _input(x, count) {
  const found = Array.from(x, Number);
  if (found.length !== count || !found.every((q) => Number.isInteger(q) && q >= -128 && q <= 127)) {
    throw new RangeError(`expected ${count} whole numbers from -128 to 127, got ${String(x).slice(0, 80)}`);
  }
  return found;
}

// A rescaled number with the zero point, from low to high.
/** @type {(q: number, zero: number, low: number, high: number) => number} */
function _clamped(q, zero, low, high) {
  return Math.min(Math.max(q + zero, low), high);
}

/**
 * Weighted sums, each times multiplier / 2^shift, rounded to the nearest; one or several multipliers and shifts.
 * Products of 32-bit numbers need BigInt: a double has 53 bits.
 * @type {(a: number[], weights: number[][], biases: number[], multipliers: number[], shifts: number[], ...ends: [number, number, number]) => number[]}
 */
function _connected(a, weights, biases, multipliers, shifts, ...ends) {
  return weights.map((row, i) => {
    const k = multipliers.length > 1 ? i : 0;
    const shift = BigInt(shifts[k]);
    const sum = row.reduce((all, w, j) => all + w * a[j], biases[i]);
    const total = BigInt(sum) * BigInt(multipliers[k]);
    return _clamped(Number((total + (1n << (shift - 1n))) >> shift), ...ends);
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
function _softmax_of_bytes(a, exponentials) {
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
 * Weighted sums, each times multiplier / 2^shift, rounded twice, as TensorFlow Lite Micro does.
 * @type {(a: number[], weights: number[][], biases: number[], multipliers: number[], shifts: number[], ...ends: [number, number, number]) => number[]}
 */
function _connected_twice(a, weights, biases, multipliers, shifts, ...ends) {
  return weights.map((row, i) => {
    const k = multipliers.length > 1 ? i : 0;
    const sum = row.reduce((all, w, j) => all + w * a[j], biases[i]);
    return _clamped(_twice(sum, [multipliers[k], shifts[k]]), ...ends);
  });
}

/**
 * The sums of two vectors, each brought to one scale with 20 binary digits more, then rescaled.
 * @type {(a: number[], b: number[], zeros: number[], scales: number[][], scale: number[], ...ends: [number, number, number]) => number[]}
 */
function _added(a, b, zeros, scales, scale, ...ends) {
  return a.map((p, i) => {
    const sum = _twice((p - zeros[0]) * 2 ** 20, scales[0]) + _twice((b[i] - zeros[1]) * 2 ** 20, scales[1]);
    return _clamped(_twice(sum, scale), ...ends);
  });
}

// The products of two vectors, rescaled.
/** @type {(a: number[], b: number[], zeros: number[], scale: number[], ...ends: [number, number, number]) => number[]} */
function _multiplied(a, b, zeros, scale, ...ends) {
  return a.map((p, i) => _clamped(_twice((p - zeros[0]) * (b[i] - zeros[1]), scale), ...ends));
}
