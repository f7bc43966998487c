/*
The fixed functions of JavaScript modules: a module gets those that it names, and those that these name.

See nngen/targets/definitions.py.
*/

// what modules state themselves
export const LAYOUT = "a layout";
const _SHAPES = [[1, 1]];
/** @type {[string, number[]][]} */
const _TENSORS = [["an array", [1, 1]]];
const COLUMNS = ["a column"];
const CATEGORIES = new Map([["a column", ["a category"]]]);
const _PLACES = new Map([["a column", new Map([["a category", 0]])]]);
const _SPACE = /^[ \t-\r]+|[ \t-\r]+$/g;
const _MISSING = ["", "NA"];

/** @typedef {Record<string, unknown> | unknown[]} Row - values by column name, or in the order of COLUMNS */
/** @typedef {number[][][]} Params - matrices; biases are a matrix of one row */
/** @typedef {[number[][], number[], number[]][]} Products - a matrix, and two vectors whose products it gets */

/** Initial parameters. @type {(seed?: number) => Params} */
export function init(seed = 1) {
  return unpack([_uniform(seed, 0)]);
}

/** The loss of four random examples and its gradient. @type {(params: Params, trial: number) => [number, Params]} */
function _measured(params, trial) {
  return [trial, params];
}

// what they take

// helpers: a batch

// The loss of the examples of a batch, over a count, and so their derivatives, which go to slopes.
/** @type {(add: (k: number, slopes: Params) => number, batch: number[], slopes: Params, count: number) => number} */
function _batch(add, batch, slopes, count) {
  _rows(slopes).forEach((row) => row.fill(0.0));
  const total = batch.reduce((sum, k) => sum + add(k, slopes), 0.0);
  _rows(slopes).forEach((row) => row.forEach((slope, j) => (row[j] = slope / count)));
  return total / count;
}

// helpers

/** The parameters as a flat list, in the order of LAYOUT. @type {(params: Params) => number[]} */
export function pack(params) {
  if (params?.length !== _SHAPES.length) {
    throw new RangeError(`expected parameters of shapes ${JSON.stringify(_SHAPES)}, got ${typeof params}`);
  }
  /** @type {number[]} */
  const flat = [];
  for (const row of _rows(params)) {
    for (let j = 0; j < row.length; j++) {
      flat.push(row[j]);
    }
  }
  return flat;
}

/**
 * The parameters from a flat list, in the order of LAYOUT; a vector is a matrix of one row.
 * @type {(flat: number[]) => Params}
 */
export function unpack(flat) {
  _check_list(flat, _SHAPES.reduce((size, [rows, columns]) => size + rows * columns, 0), "parameters");
  return _matrices(flat);
}

/** The items at some places. @type {<T>(items: T[], places: number[]) => T[]} */
function _at(items, places) {
  return places.map((place) => items[place]);
}

/** A seed for each place in an epoch. @type {(places: number[], seed: number, epoch: number) => number[]} */
function _seeds(places, seed, epoch) {
  /** @type {number[]} */
  const seeds = [];
  places.forEach((place, i) => (seeds[place] = _bits(seed, epoch * places.length + i)));
  return seeds;
}

// The places of the examples that are kept for validation, in the order in which they are drawn, and of the others.
/** @type {(count: number, share: number, seed: number) => number[][]} */
function _held_out(count, share, seed) {
  const drawn = _order(count, seed, 0);
  const kept = _rounded(share * count);
  if (!(0 < kept && kept < count)) {
    throw new RangeError(`expected enough examples to keep a share of ${share} for validation, got ${count}`);
  }
  return [drawn.slice(0, kept), drawn.slice(kept).sort((one, other) => one - other)];
}

/** The same if the places are listed. @type {(count: number, places: number[]) => number[][]} */
function _listed(count, places) {
  const least = Math.max(...places.slice(-1), places.length) + 1;
  if (count < least) {
    throw new RangeError(`expected at least ${least} examples, as places are kept for validation, got ${count}`);
  }
  const kept = new Set(places);
  return [places, [...Array(count).keys()].filter((i) => !kept.has(i))];
}

/**
 * A text of a column in plain writing, as in 1234.5 for $1,234.50; null if it means a missing value.
 * @type {(column: string, value: unknown, style: Record<string, string>, ...missing: string[]) => unknown}
 */
function _plain(column, value, style, ...missing) {
  if (typeof value !== "string") {
    return value;
  }
  let { thousands = "", decimal = ".", prefix = "", suffix = "", minus = "before" } = style;
  const such = `${prefix}1${thousands}234${decimal}5${suffix}`;
  let text = value.replace(/[\u00a0\u2009\u202f]/g, " ").replace(_SPACE, "");
  if (_MISSING.includes(text) || missing.includes(text)) {
    return null;
  }
  const signs = ["+", "-", "\u2212"];
  let sign = "";
  for (;;) {
    text = text.replace(/^ +/, "");
    while (text.endsWith(" ")) {
      text = text.slice(0, -1);
    }
    if (prefix !== "" && text.startsWith(prefix)) {
      text = text.slice(prefix.length);
      prefix = "";
    } else if (suffix !== "" && text.endsWith(suffix)) {
      text = text.slice(0, -suffix.length);
      suffix = "";
    } else if (sign === "" && signs.includes(text.slice(0, 1))) {
      sign = text.startsWith("+") ? "+" : "-";
      text = text.slice(1);
    } else if (minus === "after" && sign === "" && signs.includes(text.slice(-1)) && !/[.,].$/.test(text)) {
      sign = text.endsWith("+") ? "+" : "-";
      text = text.slice(0, -1);
    } else if (minus === "parentheses" && sign === "" && text.startsWith("(") && text.endsWith(")")) {
      sign = "-";
      text = text.slice(1, -1);
    } else {
      break;
    }
  }
  const found = /^([^eE]*)([eE][-+]?[0-9]+)?$/.exec(text);
  const [mantissa, power] = found === null ? ["", ""] : [found[1], found[2] ?? ""];
  const place = mantissa.indexOf(decimal);
  const whole = place < 0 ? mantissa : mantissa.slice(0, place);
  const decimals = place < 0 ? "" : mantissa.slice(place + 1);
  const even = thousands === "'" ? whole.replaceAll("\u2019", "'") : whole;
  const groups = thousands === "" ? [whole] : even.split(thousands);
  const first = groups[0];
  const [middle, last] = [groups.slice(1, -1), groups[groups.length - 1]];
  const by_two = thousands === "," && first.length < 3 && middle.every((group) => group.length === 2); // 12,34,567
  const by_three = middle.every((group) => group.length === 3);
  const grouped = /^[1-9][0-9]?[0-9]?$/.test(first) && last.length === 3 && (by_two || by_three);
  const digits = groups.join("");
  if ((groups.length > 1 && !grouped) || !/^[0-9]+$/.test(digits + decimals)) {
    throw new RangeError(`${column}: expected a number such as ${such}, got ${_shown(value)}`);
  }
  return `${sign}${digits}.${decimals}${power}`;
}

/**
 * The seconds from the start of 1970 to a date in this form or in ISO 8601, whose zone does not count.
 * @type {(column: string, value: unknown, form: string, missing?: number | null) => number}
 */
function _date(column, value, form, missing = null) {
  if (_missing(value)) {
    if (missing === null) {
      throw new RangeError(`${column}: the value is missing`);
    }
    return missing;
  }
  const text = String(value).replace(_SPACE, "");
  const written = text[4] === "-" ? "YYYY-MM-DD" : form;
  const year4 = written.replace(/\./g, "[.]").replace("YYYY", "(?<Y>[0-9]{4})");
  const day = year4.replace(/([MD])[MD]/g, "(?<$1>[0-9]{1,2})");
  const time = "([T ](?<h>[0-9]{1,2}):(?<m>[0-9]{2})(:(?<s>[0-9]{2})([.][0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?";
  const found = new RegExp(`^${day}${time}$`).exec(text)?.groups;
  if (found === undefined) {
    throw new RangeError(`${column}: expected a date written as ${form}, got ${_shown(value)}`);
  }
  const [year, month, place] = [Number(found.Y), Number(found.M), Number(found.D)];
  const [hour, minute, second] = [Number(found.h ?? 0), Number(found.m ?? 0), Number(found.s ?? 0)];
  const start = _day_number(year, month, 1);
  const exists = year > 0 && month > 0 && month < 13 && place > 0 && place <= _day_number(year, month + 1, 1) - start;
  if (!exists || hour > 23 || minute > 59 || second > 59) {
    throw new RangeError(`${column}: there is no date ${_shown(value)}`);
  }
  return 86400 * (start + place - 1) + 3600 * hour + 60 * minute + second;
}

/**
 * The days from the start of 1970 to a date, by years that begin in March and end with the leap day.
 * @type {(year: number, month: number, day: number) => number}
 */
function _day_number(year, month, day) {
  const y = month < 3 ? year - 1 : year;
  const before = 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return before + Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 719469;
}

/** The year and the month of a date, by eras of 400 years that begin in March. @type {(seconds: number) => number[]} */
function _calendar(seconds) {
  const days = Math.floor(seconds / 86400) + 719468;
  const era = Math.floor(days / 146097);
  const day = days - 146097 * era;
  const leaps = Math.floor(day / 1460) - Math.floor(day / 36524) + Math.floor(day / 146096);
  const year = Math.floor((day - leaps) / 365);
  const rest = day - 365 * year - Math.floor(year / 4) + Math.floor(year / 100);
  const month = ((Math.floor((5 * rest + 2) / 153) + 2) % 12) + 1;
  return [400 * era + year + (month < 3 ? 1 : 0), month];
}

/** The year of a date. @type {(seconds: number) => number} */
function _year(seconds) {
  return _calendar(seconds)[0];
}

/** The month of a date, from 1. @type {(seconds: number) => number} */
function _month(seconds) {
  return _calendar(seconds)[1];
}

/** The days since another date; a time is a fraction of a day. @type {(seconds: number, since: number) => number} */
function _days(seconds, since) {
  return (seconds - since) / 86400;
}

/** The day of the week, 0 for Monday. @type {(seconds: number) => number} */
function _weekday(seconds) {
  return (((Math.floor(seconds / 86400) + 3) % 7) + 7) % 7;
}

/** The hour of the day; minutes and seconds are a fraction of an hour. @type {(seconds: number) => number} */
function _hour(seconds) {
  return (seconds - 86400 * Math.floor(seconds / 86400)) / 3600;
}

/** The sine of a value that begins again after a period. @type {(value: number, period: number) => number} */
function _sine(value, period) {
  return Math.sin(2.0 * Math.PI * (value / period));
}

/** The cosine of a value that begins again after a period. @type {(value: number, period: number) => number} */
function _cosine(value, period) {
  return Math.cos(2.0 * Math.PI * (value / period));
}

/**
 * The parameters as the text of a JSON file that the module of every target can load, exact to the last bit.
 * @type {(params: Params) => string}
 */
export function save(params) {
  const flat = pack(params);
  if (!flat.every(Number.isFinite)) {
    throw new RangeError("expected finite parameters, got infinity or NaN");
  }
  const numbers = flat.map((value) => (Object.is(value, -0.0) ? "-0.0" : String(value))); // String(-0.0) is 0
  return `{"layout": ${JSON.stringify(LAYOUT)}, "parameters": [${numbers.join(", ")}]}`;
}

/**
 * Read parameters from the text of such a file, or from the bytes of one of safetensors. That of another network is a
 * RangeError, a broken one a SyntaxError or a RangeError.
 * @type {(file: string | ArrayBuffer | Uint8Array) => Params}
 */
export function load(file) {
  const data = _bytes(file);
  const end = data && data.byteLength > 8 ? 8 + Number(data.getBigUint64(0, true)) : 0; // of the header of safetensors
  const tensors = data !== null && end > 8 && end <= data.byteLength && data.getUint8(8) === 123;
  const content = JSON.parse(tensors ? _utf8(data, 8, end) : String(file));
  const layout = (tensors ? content.__metadata__ : content)?.layout;
  if (layout !== LAYOUT) {
    throw new RangeError(`expected the parameters of '${LAYOUT}', got those of '${String(layout).slice(0, 80)}'`);
  }
  if (tensors) {
    return unpack(_tensors(content, new DataView(data.buffer, data.byteOffset + end, data.byteLength - end)));
  }
  const flat = content.parameters;
  if (!Array.isArray(flat) || !flat.every(Number.isFinite)) {
    const got = String(JSON.stringify(flat)).slice(0, 80);
    throw new RangeError(`expected a list of finite numbers under 'parameters', got ${got}`);
  }
  return unpack(flat);
}

/** The bytes of a file; null for a text. @type {(file: unknown) => DataView | null} */
function _bytes(file) {
  if (ArrayBuffer.isView(file)) {
    return new DataView(file.buffer, file.byteOffset, file.byteLength);
  }
  return file instanceof ArrayBuffer ? new DataView(file) : null;
}

/** The text in UTF-8 between two places. @type {(data: DataView, start: number, end: number) => string} */
function _utf8(data, start, end) {
  let escaped = "";
  for (let i = start; i < end; i++) {
    escaped += `%${data.getUint8(i).toString(16).padStart(2, "0")}`;
  }
  try {
    return decodeURIComponent(escaped);
  } catch {
    throw new SyntaxError("expected text in UTF-8");
  }
}

// The numbers of arrays in the format of safetensors, in the order of LAYOUT; a file may have any order.
/** @type {(header: Record<string, any>, data: DataView) => number[]} */
function _tensors(header, data) {
  /** @type {number[]} */
  const flat = [];
  const ends = [[0, 0]];
  for (const [name, shape] of _TENSORS) {
    const entry = header[name];
    const width = entry?.dtype === "F64" ? 8 : entry?.dtype === "F32" ? 4 : NaN;
    const [begin, end] = Array.isArray(entry?.data_offsets) ? entry.data_offsets : [NaN, NaN];
    const size = shape.reduce((product, count) => product * count, 1);
    const fits = String(entry?.shape) === String(shape) && end - begin === size * width;
    if (!fits || !Number.isInteger(begin) || begin < 0 || !(end <= data.byteLength)) {
      const got = String(JSON.stringify(entry)).slice(0, 80);
      throw new RangeError(`expected ${name} of F32 or F64 and the shape [${shape}], got ${got}`);
    }
    for (let place = begin; place < end; place += width) {
      flat.push(width === 8 ? data.getFloat64(place, true) : data.getFloat32(place, true));
    }
    ends.push([begin, end]);
  }
  ends.sort((one, other) => one[0] - other[0]);
  const whole = ends.every(([, end], i) => end === (ends[i + 1] ?? [data.byteLength])[0]);
  if (!whole || Object.keys(header).length !== _TENSORS.length + 1) {
    throw new RangeError(`expected ${_TENSORS.length} arrays, one after another, got others`);
  }
  if (!flat.every(Number.isFinite)) {
    throw new RangeError("expected finite numbers, got infinity or NaN");
  }
  return flat;
}

// The complementary error function, 1 - erf(x): near 0 by the power series of erf (DLMF 7.6.2), else by the continued
// fraction (DLMF 7.9.4), from its end. exp(-x^2) has two factors, as x^2 would be rounded: h is so short that h^2 is
// exact.
/** @type {(x: number) => number} */
function erfc(x) {
  const u = Math.min(Math.abs(x), 30.0);
  const h = u - (u % 2.0 ** -7);
  const bell = (Math.exp(-h * h) * Math.exp((h - u) * (h + u))) / 1.772453850905516; // the square root of pi
  if (u < 1.0) {
    let term = 2.0 * x * bell;
    let erf = 0.0;
    for (let k = 1; erf + term !== erf; k++) {
      erf += term;
      term *= (2.0 * x * x) / (2.0 * k + 1.0);
    }
    return 1.0 - erf;
  }
  let rest = u;
  for (let k = 20 + Math.ceil(150 / (u * u)); k > 0; k--) {
    rest = u + k / 2.0 / rest;
  }
  return x > 0.0 ? bell / rest : 2.0 - bell / rest;
}

/** The sum of products, added one after the other. @type {(v: number[], w: number[]) => number} */
function _dot(v, w) {
  let total = 0.0;
  for (let i = 0; i < v.length; i++) {
    total += v[i] * w[i];
  }
  return total;
}

/** The sum, added one after the other. @type {(values: number[]) => number} */
function _sum(values) {
  return values.reduce((total, value) => total + value, 0.0);
}

/** The largest number. @type {(values: number[]) => number} */
function _max(values) {
  return values.reduce((top, value) => Math.max(top, value));
}

// The sum of products of x with each row of a matrix, plus b; for four rows at a time, since each addition waits for
// the one before it.
/** @type {(W: number[][], x: number[], b?: number[]) => number[]} */
function _affine(W, x, b = W.map(() => 0.0)) {
  const sums = [...b];
  let i = 0;
  for (; i + 4 <= W.length; i += 4) {
    const [one, two, three, four] = [W[i], W[i + 1], W[i + 2], W[i + 3]];
    let [p, q, r, s] = [0.0, 0.0, 0.0, 0.0];
    for (let j = 0; j < x.length; j++) {
      p += one[j] * x[j];
      q += two[j] * x[j];
      r += three[j] * x[j];
      s += four[j] * x[j];
    }
    sums[i] += p;
    sums[i + 1] += q;
    sums[i + 2] += r;
    sums[i + 3] += s;
  }
  for (; i < W.length; i++) {
    sums[i] += _dot(W[i], x);
  }
  return sums;
}

/** The rows of all matrices; flat() takes ten times as long. @type {(matrices: Params) => number[][]} */
function _rows(matrices) {
  /** @type {number[][]} */
  const rows = [];
  for (const W of matrices) {
    rows.push(...W);
  }
  return rows;
}

// The sum of products of v with each column of a matrix, four rows at a time.
/** @type {(rows: number[][], v: number[]) => number[]} */
function _dot_columns(rows, v) {
  const totals = [...rows[0]].fill(0.0);
  let i = 0;
  for (; i + 4 <= rows.length; i += 4) {
    const [one, two, three, four] = [rows[i], rows[i + 1], rows[i + 2], rows[i + 3]];
    const [a, b, c, d] = [v[i], v[i + 1], v[i + 2], v[i + 3]];
    for (let j = 0; j < totals.length; j++) {
      totals[j] = totals[j] + one[j] * a + two[j] * b + three[j] * c + four[j] * d;
    }
  }
  for (; i < rows.length; i++) {
    const [row, factor] = [rows[i], v[i]];
    for (let j = 0; j < totals.length; j++) {
      totals[j] += row[j] * factor;
    }
  }
  return totals;
}

/** The sum of a term of each number of a matrix. @type {(rows: number[][], term: (w: number) => number) => number} */
function _sum_of(rows, term) {
  let total = 0.0;
  for (const row of rows) {
    for (let j = 0; j < row.length; j++) {
      total += term(row[j]);
    }
  }
  return total;
}

// Add to each sum the slope at the number of a matrix.
/** @type {(sums: number[][], rows: number[][], slope: (w: number) => number) => void} */
function _add_slopes(sums, rows, slope) {
  for (let i = 0; i < rows.length; i++) {
    const [sum, row] = [sums[i], rows[i]];
    for (let j = 0; j < row.length; j++) {
      sum[j] += slope(row[j]);
    }
  }
}

/** Column j of a matrix. @type {(rows: number[][], j: number) => number[]} */
function _column(rows, j) {
  return rows.map((row) => row[j]);
}

/** The sum of the rows of a matrix. @type {(rows: number[][]) => number[]} */
function _sum_rows(rows) {
  const sums = Array(rows[0].length).fill(0.0);
  rows.forEach((row) => _add(sums, row));
  return sums;
}

/** Add a vector to sums, times a factor. @type {(sums: number[], v: number[], factor?: number) => void} */
function _add(sums, v, factor = 1.0) {
  for (let i = 0; i < v.length; i++) {
    sums[i] += factor * v[i];
  }
}

// The products of each number of v with each of w, summed over the examples.
/** @type {(vs: number[][], ws: number[][]) => number[][]} */
function _sum_outer(vs, ws) {
  const sums = vs[0].map(() => [...ws[0]].fill(0.0));
  let k = 0;
  for (; k + 4 <= vs.length; k += 4) {
    _add_four(sums, vs.slice(k, k + 4), ws.slice(k, k + 4));
  }
  for (; k < vs.length; k++) {
    _add_outer(sums, vs[k], ws[k]);
  }
  return sums;
}

// Add products of four examples together, so that each sum is read once for four.
/** @type {(products: Products) => void} */
function _add_fours(products) {
  const count = products.length / 4;
  for (let k = 0; k < count; k++) {
    const [one, two, three, four] = [0, count, 2 * count, 3 * count].map((start) => products[start + k]);
    _add_four(one[0], [one[1], two[1], three[1], four[1]], [one[2], two[2], three[2], four[2]]);
  }
}

// Add the product of each number of v with each of w, for four examples; in two rows at a time.
/** @type {(sums: number[][], vs: number[][], ws: number[][]) => void} */
function _add_four(sums, vs, ws) {
  const [v1, v2, v3, v4] = [vs[0], vs[1], vs[2], vs[3]];
  const [w1, w2, w3, w4] = [ws[0], ws[1], ws[2], ws[3]];
  let i = 0;
  for (; i + 2 <= sums.length; i += 2) {
    const [row, next] = [sums[i], sums[i + 1]];
    const [a, b, c, d] = [v1[i], v2[i], v3[i], v4[i]];
    const [e, f, g, h] = [v1[i + 1], v2[i + 1], v3[i + 1], v4[i + 1]];
    for (let j = 0; j < row.length; j++) {
      row[j] = row[j] + a * w1[j] + b * w2[j] + c * w3[j] + d * w4[j];
      next[j] = next[j] + e * w1[j] + f * w2[j] + g * w3[j] + h * w4[j];
    }
  }
  for (; i < sums.length; i++) {
    const row = sums[i];
    const [a, b, c, d] = [v1[i], v2[i], v3[i], v4[i]];
    for (let j = 0; j < row.length; j++) {
      row[j] = row[j] + a * w1[j] + b * w2[j] + c * w3[j] + d * w4[j];
    }
  }
}

// Note products, to be added later; or add them now if there is no list.
/** @type {(sums: number[][], v: number[], w: number[], products: Products | null, factor?: number) => void} */
function _add_later(sums, v, w, products, factor = 1.0) {
  if (products) {
    products.push([sums, v, w]);
  } else {
    _add_outer(sums, v, w, factor);
  }
}

// Add the product of each number of v with each of w, times a factor; in four rows at a time, so that each of w is read
// once for four.
/** @type {(sums: number[][], v: number[], w: number[], factor?: number) => void} */
function _add_outer(sums, v, w, factor = 1.0) {
  let i = 0;
  for (; i + 4 <= v.length; i += 4) {
    const [one, two, three, four] = [sums[i], sums[i + 1], sums[i + 2], sums[i + 3]];
    const [a, b, c, d] = [v[i], v[i + 1], v[i + 2], v[i + 3]];
    for (let j = 0; j < w.length; j++) {
      one[j] += factor * (a * w[j]);
      two[j] += factor * (b * w[j]);
      three[j] += factor * (c * w[j]);
      four[j] += factor * (d * w[j]);
    }
  }
  for (; i < v.length; i++) {
    for (let j = 0; j < w.length; j++) {
      sums[i][j] += factor * (v[i] * w[j]);
    }
  }
}

/** The sum of the weights of a batch. @type {(weights: number[]) => number} */
function _total(weights) {
  const total = _sum(weights);
  if (total === 0.0) {
    throw new RangeError("expected weights that do not sum to 0 over a batch");
  }
  return total;
}

/** The weights of a batch, each divided by their sum. @type {(weights: number[]) => number[]} */
function _shares(weights) {
  const total = _total(weights);
  return weights.map((weight) => weight / total);
}

// The places of the texts of each column; a column of numbers has none.
/** @type {(...listed: Map<string, string[] | number>[]) => Map<string, Map<string, number>>} */
function _places(...listed) {
  /** @type {(texts: string[] | number) => [string, number][]} */
  const placed = (texts) => (Array.isArray(texts) ? texts.map((text, i) => [text.replace(_SPACE, ""), i]) : []);
  return new Map(listed.flatMap((columns) => [...columns].map(([name, texts]) => [name, new Map(placed(texts))])));
}

// The values of a row in the order of COLUMNS, texts without the space around them; other keys are ignored.
/** @type {(row: Row) => unknown[]} */
function _values(row) {
  if (!Array.isArray(row)) {
    const names = new Set(Object.keys(Object(row)));
    const absent = COLUMNS.filter((column) => !names.has(column));
    if (absent.length > 0) {
      throw new RangeError(`expected a row with the columns ${COLUMNS.join(", ")}; missing: ${absent.join(", ")}`);
    }
    return _values(COLUMNS.map((column) => row[column]));
  }
  if (row.length !== COLUMNS.length) {
    throw new RangeError(`expected ${COLUMNS.length} values, one for each of COLUMNS, got ${row.length}`);
  }
  return row.map((value) => (typeof value === "string" ? value.replace(_SPACE, "") : value));
}

// Whether a value is missing: null, undefined, NaN, or a text of _MISSING, unless it is known.
/** @type {(value: unknown, known?: Map<string, number>) => boolean} */
function _missing(value, known) {
  if (typeof value === "string") {
    return _MISSING.includes(value) && !known?.has(value);
  }
  return value === null || value === undefined || Number.isNaN(value);
}

/** A value in a message. @type {(value: unknown) => string} */
function _shown(value) {
  return typeof value === "object" ? "an object" : `${String(value).slice(0, 80)} (${typeof value})`;
}

// The number of a column, also one written as a text, or the replacement of a missing one.
/** @type {(column: string, value: unknown, missing?: number | null) => number} */
function _number(column, value, missing = null) {
  if (_missing(value)) {
    if (missing === null) {
      throw new RangeError(`${column}: the value is missing`);
    }
    return missing;
  }
  // Number alone would take more texts, such as 0x10
  const number = typeof value === "string" && /^[-+.0-9eE]+$/.test(value) ? Number(value) : value;
  if (!(typeof number === "number" && Math.abs(number) <= 1e100)) {
    throw new RangeError(`${column}: expected a number up to 1e+100, got ${_shown(value)}`);
  }
  return number;
}

// An id from 0 to below count. Unknown ids share the row after the last, if there is one for them.
/** @type {(column: string, value: unknown, count: number, unknown?: boolean) => number} */
function _numbered(column, value, count, unknown = false) {
  const number = _number(column, value);
  if (0.0 <= number && number < count && Number.isInteger(number)) {
    return number + 0.0; // -0 is 0
  }
  if (!unknown) {
    throw new RangeError(`${column}: expected a whole number from 0 to ${count - 1}, got ${_shown(value)}`);
  }
  return count;
}

// The place of a text among those of a column, unknown for others; missing is the text of a missing value.
/** @type {(column: string, value: unknown, missing?: string | null, unknown?: number | null) => number} */
function _place(column, value, missing = null, unknown = null) {
  const known = _PLACES.get(column) ?? new Map();
  if (_missing(value, known)) {
    if (missing === null) {
      throw new RangeError(`${column}: the value is missing`);
    }
    return known.get(missing) ?? -1;
  }
  const place = known.get(_text(column, value, known)) ?? unknown;
  if (place === null) {
    const names = [...known.keys()];
    const more = names.length > 20 ? ", ..." : "";
    throw new RangeError(`${column}: expected one of ${names.slice(0, 20).join(", ")}${more}, got ${_shown(value)}`);
  }
  return place;
}

// A value as a known text, if there is one: the number 3 as 3 or 3.0, true as True or true.
/** @type {(column: string, value: unknown, known: Map<string, number>) => string} */
function _text(column, value, known) {
  if (typeof value === "string") {
    return value;
  }
  if (typeof value === "object") {
    throw new RangeError(`${column}: expected a text or a number, got ${_shown(value)}`);
  }
  let text = String(value);
  if (typeof value === "number" && Number.isInteger(value)) {
    text = String(BigInt(value)); // all its digits
  } else if (typeof value === "number" && Math.abs(value) < 1e-4) {
    text = value.toExponential().replace(/-(\d)$/, "-0$1"); // as Python writes it
  }
  const forms = [text.charAt(0).toUpperCase() + text.slice(1), `${text}.0`, text];
  return forms.find((form) => known.has(form)) ?? text;
}

// 1 for the category of a column, 0 for the others; missing is the category of a missing value, "" for none.
/** @type {(column: string, value: unknown, missing?: string | null, unknown?: number | null) => number[]} */
function _one_hot(column, value, missing = null, unknown = null) {
  const place = _place(column, value, missing, unknown);
  return (CATEGORIES.get(column) ?? []).map((_, i) => (i === place ? 1.0 : 0.0));
}

/** A flat list as matrices. @type {(flat: number[]) => Params} */
function _matrices(flat) {
  let start = 0;
  return _SHAPES.map(([rows, columns]) =>
    Array.from({ length: rows }, () => flat.slice(start, (start += columns))),
  );
}

// Refuse matrices of other shapes; seen gives the rows of a matrix that are looked at.
/** @type {(params: Params, seen?: (W: number[][], k: number) => number[][]) => void} */
function _check_shapes(params, seen) {
  const fits = params.every(
    (W, k) => W.length === _SHAPES[k]?.[0] && (seen?.(W, k) ?? W).every((row) => row?.length === _SHAPES[k][1]),
  );
  if (params.length !== _SHAPES.length || !fits) {
    const got = JSON.stringify(params.map((W) => [W.length, W[0]?.length]));
    throw new RangeError(`expected parameters of shapes ${JSON.stringify(_SHAPES)}, got ${got}`);
  }
}

/** Refuse a list of another length. @type {(values: number[], count: number, what: string) => void} */
function _check_list(values, count, what) {
  if (values.length !== count) {
    throw new RangeError(`expected ${count} ${what}, got ${values.length}`);
  }
}

/** Refuse an id that no row belongs to. @type {(id: number, count: number, name: string) => void} */
function _check_id(id, count, name) {
  if (!(Number.isInteger(id) && 0 <= id && id < count)) {
    throw new RangeError(`expected ${name} to be a whole number from 0 to ${count - 1}, got ${id}`);
  }
}

/** Refuse weights of another number of examples. @type {(weights: number[], count: number) => void} */
function _check_weights(weights, count) {
  _check_list(weights, count, "weights");
}

/** Refuse a seed that is no whole number. @type {(seed: number) => void} */
function _check_seed(seed) {
  if (!Number.isInteger(seed)) {
    throw new RangeError(`expected a whole number as seed, got ${String(seed).slice(0, 80)} (${typeof seed})`);
  }
}

// The index-th random 32-bit integer of this seed: a hash that uses only 32-bit arithmetic.
/** @type {(seed: number, index: number) => number} */
function _bits(seed, index) {
  let h = 0;
  for (const word of [index, seed]) {
    h = (h + (word >>> 0) + 0x9e3779b9) >>> 0;
    h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
    h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
    h = (h ^ (h >>> 15)) >>> 0;
  }
  return h;
}

/** The index-th random number of this seed, uniform from 0 to 1. @type {(seed: number, index: number) => number} */
function _uniform(seed, index) {
  return _bits(seed, index) / 2 ** 32;
}

// The dropout factor of unit index: 0 with probability rate, otherwise 1 / (1 - rate); 1 without a seed.
/** @type {(seed: number | null, index: number, rate: number) => number} */
function _keep(seed, index, rate) {
  if (seed === null) {
    return 1.0;
  }
  return _uniform(seed, index) < rate ? 0.0 : 1.0 / (1.0 - rate);
}

// The index-th normal random number of this seed: a sum of twelve uniform ones, minus 6.
/** @type {(seed: number, index: number) => number} */
function _normal(seed, index) {
  let total = 0;
  for (let k = 0; k < 12; k++) {
    total += _bits(seed, 12 * index + k);
  }
  return total / 2 ** 32 - 6.0;
}

// The index-th normal number of this seed; if it is beyond ±cut, that of other seeds, until one is within.
/** @type {(seed: number, index: number, cut: number) => number} */
function _truncated(seed, index, cut) {
  let n = _normal(seed, index);
  for (let attempt = 1; Math.abs(n) > cut; attempt++) {
    n = _normal(_bits(attempt, seed), index);
  }
  return n;
}

// A matrix of normal random numbers from start on, made orthonormal along its shorter side; row by row. This is the
// modified Gram-Schmidt process, done twice: rounding leaves the first vectors not quite orthogonal.
/** @type {(seed: number, start: number, rows: number, columns: number) => number[]} */
function _orthogonal(seed, start, rows, columns) {
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  const [step, along] = rows <= columns ? [columns, 1] : [1, columns];
  const vectors = Array.from({ length: count }, (_, k) =>
    Array.from({ length }, (_, i) => _normal(seed, start + step * k + along * i)),
  );
  for (let time = 0; time < 2; time++) {
    for (let k = 0; k < count; k++) {
      const norm = Math.sqrt(_dot(vectors[k], vectors[k]));
      const q = vectors[k].map((v) => v / norm);
      vectors[k] = q;
      for (let other = k + 1; other < count; other++) {
        const share = _dot(q, vectors[other]);
        vectors[other] = vectors[other].map((v, i) => v - share * q[i]);
      }
    }
  }
  if (rows <= columns) {
    return vectors.flat();
  }
  return Array.from({ length }, (_, i) => vectors.map((v) => v[i])).flat();
}

// The order of the examples in an epoch: each has a random number, and the smallest comes first.
/** @type {(count: number, seed: number | null, epoch: number) => number[]} */
function _order(count, seed, epoch) {
  const order = [...Array(count).keys()];
  if (seed === null) {
    return order;
  }
  const drawn = order.map((i) => _bits(seed, epoch * count + i));
  return order.sort((one, other) => drawn[one] - drawn[other]);
}

/** The nearest whole number; of two that are equally near, the even one. @type {(value: number) => number} */
function _rounded(value) {
  const nearest = Math.round(value);
  return nearest - value === 0.5 && nearest % 2 ? nearest - 1 : nearest;
}

/** Four sums with random signs: a wrong value changes each of them. @type {(values: number[]) => number[]} */
function _sums(values) {
  return [0, 1, 2, 3].map((k) => values.reduce((total, v, i) => total + (_bits(k, i) & 1 ? v : -v), 0.0));
}

// Random inputs; the first are ids below counts.
/** @type {(seed: number, start: number, size: number, counts?: number[]) => number[]} */
function _random_input(seed, start, size, counts = []) {
  const x = Array.from({ length: size }, (_, i) => 2.0 * _uniform(seed, start + i) - 1.0);
  counts.forEach((count, i) => (x[i] = Math.floor(((x[i] + 1.0) / 2.0) * count)));
  return x;
}

// Targets of example k, one and other in turns.
/** @type {(k: number, size: number, one: number, other: number) => number[]} */
function _turns(k, size, one, other) {
  return Array.from({ length: size }, (_, j) => ((j + k) % 2 ? one : other));
}

/** Targets of example k, 1 for a class and 0 for the others. @type {(k: number, size: number) => number[]} */
function _of_class(k, size) {
  return Array.from({ length: size }, (_, j) => (j === k % size ? 1.0 : 0.0));
}

/** Parameters near the initial ones, as no bias is 0. @type {(seed: number) => Params} */
function _begin(seed) {
  return unpack(pack(init(seed)).map((w, i) => w + 0.2 * _uniform(seed, i) - 0.1));
}

// What the network answers for examples, and its parameters after a step for each; long lists are summed by shorten.
/**
 * @type {(seed: number, steps: number, example: (k: number) => [number[], number[]],
 *   shorten: (values: number[]) => number[]) => [string, number[]][]}
 */
function _answers(seed, steps, example, shorten) {
  const begin = _begin(seed);
  let [params, state] = [begin, init_state(begin)];
  /** @type {[string, number[]][]} */
  const found = [];
  for (let k = 0; k < steps; k++) {
    const [x, y] = example(k);
    const slopes = gradient(begin, x, y)[1];
    found.push(["output", shorten(forward(begin, x))], ["loss", [loss(begin, x, y)]]);
    found.push(["gradient", shorten(pack(slopes))]);
    [params, state] = step(params, slopes, state);
  }
  return [...found, [`parameters after ${steps} steps`, shorten(pack(params))]];
}

// The largest error of answers, relative to 1 + |number|; one above the tolerance is a RangeError.
/** @type {(answers: [string, number[]][], expected: number[], tolerance: number) => number} */
function _largest_error(answers, expected, tolerance) {
  const found = answers.flatMap(([what, numbers]) => numbers.map((number) => /** @type {const} */ ([what, number])));
  if (found.length !== expected.length) {
    throw new RangeError(`expected ${expected.length} numbers, got ${found.length}`);
  }
  let worst = 0.0;
  found.forEach(([what, number], i) => {
    const error = Math.abs(number - expected[i]) / (1.0 + Math.abs(expected[i]));
    if (!(error <= tolerance)) {
      throw new RangeError(`expected ${expected[i]} for the ${what}, got ${number}`);
    }
    worst = Math.max(worst, error);
  });
  return worst;
}

// the places of parameters that are frozen: their slopes are 0
/** @type {[number, number][]} */
const _FROZEN = [];

/**
 * The largest error of the gradient, compared with differences of the loss along random directions.
 *
 * It is relative to 1 + |slope| + |curvature|. A difference across a kink, such as that of relu, is no slope; its
 * curvature is huge, so that its error does not count. An error above the tolerance is a RangeError.
 * @type {(tolerance?: number) => number}
 */
export function check_gradient(tolerance = 1e-6) {
  const h = 1e-6;
  let worst = 0.0;
  for (let trial = 0; trial < 7; trial++) {
    const weights = pack(_begin(trial));
    const direction = weights.map((_, i) => 2.0 * _uniform(trial + 100, i) - 1.0);
    const [here, slopes] = _measured(unpack(weights), trial);
    const slope = pack(slopes).reduce((total, g, i) => total + direction[i] * g, 0.0);
    for (const places of _FROZEN) {
      direction.fill(0.0, ...places);
    }
    const [ahead] = _measured(unpack(weights.map((w, i) => w + h * direction[i])), trial);
    const [behind] = _measured(unpack(weights.map((w, i) => w - h * direction[i])), trial);
    const curvature = (ahead - 2.0 * here + behind) / (h * h);
    const error = Math.abs(slope - (ahead - behind) / (2.0 * h)) / (1.0 + Math.abs(slope) + Math.abs(curvature));
    if (!(error <= tolerance)) {
      throw new RangeError(`expected a gradient within ${tolerance} of differences of the loss, got ${error}`);
    }
    worst = Math.max(worst, error);
  }
  return worst;
}
