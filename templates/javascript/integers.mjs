/*
The fixed functions of JavaScript modules in integers, beside those of runtime.mjs: a module gets those that it names.
*/

// what modules state themselves
const COLUMNS = ["age", "town"];
const MISSING = -32768;
const _PLACES = new Map([["town", new Map([["Seoul", 0]])]]);

/** Whether a value is missing. @type {(value: unknown, known?: Map<string, number>) => boolean} */
function _missing(value, known) {
  return value === null && !known;
}

/** A value in a message. @type {(value: unknown) => string} */
function _shown(value) {
  return `${value}`;
}

// what they take

// The number of a column as a whole number of units, within its range.
/** @type {(column: string, value: unknown, unit: number, low: number, high: number) => number} */
function _units(column, value, unit, low, high) {
  if (_missing(value)) {
    return MISSING;
  }
  const number = (typeof value === "string" && value !== "" ? Number(value) : value) / unit;
  if (Number.isNaN(number)) {
    throw new RangeError(`${column}: expected a number, got ${_shown(value)}`);
  }
  return number <= low ? low : number >= high ? high : Math.floor(number + 0.5);
}

// The place of a category of a column, -1 for any other one, -2 for a missing value.
/** @type {(column: string, value: unknown) => number} */
function _code(column, value) {
  const known = _PLACES.get(column) ?? new Map();
  return _missing(value, known) ? -2 : (known.get(String(value)) ?? -1);
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

/** The number itself, or what a missing one counts as. @type {(n: number, fill: number) => number} */
function _filled(n, fill) {
  return n === MISSING ? fill : n;
}

// The activation of a number of a row.
/** @type {(n: number, low: number, high: number, multiplier: number, addend: number, shift: number) => number} */
function _scaled(n, low, high, multiplier, addend, shift) {
  return (((_within(n, low, high) - low) * multiplier + addend) >> shift) - 128;
}

// The activations of a category: that of its own place stands for 1.
/** @type {(code: number, count: number, fill: number, one: number) => number[]} */
function _chosen(code, count, fill, one) {
  const place = code === -2 ? fill : code;
  return Array.from({ length: count }, (_, i) => (i === place ? one : 0));
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
/** @type {(sums: number[], values: number[], high: number, before: number, multiplier: number, after: number) => number[]} */
function _softmax(sums, values, high, before, multiplier, after) {
  const largest = Math.max(...sums);
  const e = sums.map((z) => values[_step(largest - z, 0, high, before, multiplier, after)]);
  const total = e.reduce((a, b) => a + b);
  return e.map((v) => Math.floor((v * 255 + Math.floor(total / 2)) / total));
}
