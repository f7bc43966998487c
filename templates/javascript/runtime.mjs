/*
The fixed functions of JavaScript modules: a module gets those that it names, and those that these name.

See nngen/targets/definitions.py; what capital letters stand for is in nngen/targets/settings.py.
*/

// what a network has, and pieces of its text
const EVERY = 1, SIZE = 1, THRESHOLD = 0.5, RATE = 0.5, STOP_SEED = 0, SHARE = 0.5, TRAINING_SEED = 0, LARGEST = 1e100;
const ENCODED = 1, LIMIT = 1, SCORE = 0.5, BATCH_SIZE = 1, EPOCHS = 1, ORDER_SEED = 0, ENDS = true;
/** @type {any} */
let [CLEARED, COPIED, DIVIDED, STATE_COPY, ZEROS] = [];

/** @typedef {any[]} State */
/** @typedef {any} ANSWER */
/** @typedef {Record<string, any>} Style - of numbers */
/** @typedef {any} Progress - what fit needs to continue */
/** @typedef {any[]} Slopes - matrices; of an embedding a Map of the rows that the examples select */
/** @typedef {any[]} Products - matrices, and two vectors whose products each gets */
/** @typedef {Record<string, unknown> | unknown[]} Row - values by column name, or in the order of COLUMNS */
/** @typedef {any[]} Params - matrices; biases are a matrix of one row */

// what modules state themselves
export const LAYOUT = "a layout";
const _SHAPES = [[1, 1]];
/** @type {[string, number[]][]} */
const _TENSORS = [["an array", [1, 1]]];
const _EMBEDDINGS = [0];
const _VALIDATION = [1, 2];
const COLUMNS = ["a column"];
const CLASSES = ["no", "yes"];
const _MISSING = ["", "NA"];
/** @type {(...given: any[]) => any} */
const init = (...given) => given, [batch_gradient, encode, forward, init_state, pack, unpack, _check_example] = Array(7).fill(init);
const [_check_weights, _gradient, _rows, _size, _update, _weight, jacobian] = Array(7).fill(init);

// what they take

// helpers: an example

// source: losses

// helpers: answers

// source: answers

// source: by_inputs notes

// helpers: training

// source: training

// helpers

/** The items at some places. @type {<T>(items: T[], places: number[]) => T[]} */
const _at = (items, places) => places.map((place) => items[place]);

// source: styled_cells

// source: number_styles

// source: texts

// source: dates

/**
 * The parameters as the text of a JSON file that the module of every target can load, exact to the last bit.
 * @type {(params: Params) => string}
 */
export function save(params) {
  const flat = pack(params);
  if (!flat.every(Number.isFinite)) throw new RangeError("expected finite parameters, got infinity or NaN");
  const numbers = flat.map((value) => (Object.is(value, -0.0) ? "-0.0" : String(value))); // String(-0.0) is 0
  return `{"layout": ${JSON.stringify(LAYOUT)}, "parameters": [${numbers.join(", ")}]}`;
}

/**
 * Read parameters from the text of such a file, or from the bytes of one of safetensors. That of another network is a
 * RangeError, a broken one a SyntaxError or a RangeError.
 * @type {(file: string | ArrayBuffer | Uint8Array) => Params}
 */
export function load(file) {
  const here = _bytes(file);
  const stop = here && here.byteLength > 8 ? 8 + Number(here.getBigUint64(0, true)) : 0; // of the header of safetensors
  const arrays = here !== null && stop > 8 && stop <= here.byteLength && here.getUint8(8) === 123;
  const content = JSON.parse(arrays ? _utf8(here, 8, stop) : String(file));
  const layout = (arrays ? content.__metadata__ : content)?.layout;
  if (layout !== LAYOUT) {
    throw new RangeError(`expected the parameters of '${LAYOUT}', got those of '${String(layout).slice(0, 80)}'`);
  }
  if (arrays) {
    return unpack(_tensors(content, new DataView(here.buffer, here.byteOffset + stop, here.byteLength - stop)));
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
  if (ArrayBuffer.isView(file)) return new DataView(file.buffer, file.byteOffset, file.byteLength);
  return file instanceof ArrayBuffer ? new DataView(file) : null;
}

/** The text in UTF-8 between two places. @type {(rest: DataView, start: number, stop: number) => string} */
function _utf8(rest, start, stop) {
  let text = "";
  for (let i = start; i < stop; i++) {
    text += `%${rest.getUint8(i).toString(16).padStart(2, "0")}`;
  }
  try {
    return decodeURIComponent(text);
  } catch {
    throw new SyntaxError("expected text in UTF-8");
  }
}

// The numbers of arrays in the format of safetensors, in the order of LAYOUT; a file may have any order.
/** @type {(content: Record<string, any>, rest: DataView) => number[]} */
function _tensors(content, rest) {
  /** @type {number[]} */
  const flat = [];
  const places = [[0, 0]];
  for (const [name, shape] of _TENSORS) {
    const one = content[name];
    const count = one?.dtype === "F64" ? 8 : one?.dtype === "F32" ? 4 : NaN;
    const [start, stop] = Array.isArray(one?.data_offsets) ? one.data_offsets : [NaN, NaN];
    const size = shape.reduce((total, n) => total * n, 1);
    const fits = String(one?.shape) === String(shape) && stop - start === size * count;
    if (!fits || !Number.isInteger(start) || start < 0 || !(stop <= rest.byteLength)) {
      const got = String(JSON.stringify(one)).slice(0, 80);
      throw new RangeError(`expected ${name} of F32 or F64 and the shape [${shape}], got ${got}`);
    }
    for (let place = start; place < stop; place += count) {
      flat.push(count === 8 ? rest.getFloat64(place, true) : rest.getFloat32(place, true));
    }
    places.push([start, stop]);
  }
  places.sort((one, other) => one[0] - other[0]);
  const whole = places.every(([, stop], i) => stop === (places[i + 1] ?? [rest.byteLength])[0]);
  if (!whole || Object.keys(content).length !== _TENSORS.length + 1) {
    throw new RangeError(`expected ${_TENSORS.length} arrays, one after another, got others`);
  }
  if (!flat.every(Number.isFinite)) throw new RangeError("expected finite numbers, got infinity or NaN");
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

// source: numbers

/** Derivatives of 0; those of an embedding have no rows yet. @type {(params: Params) => Slopes} */
function _zeros(params) {
  return params.map((W, k) => (_EMBEDDINGS.includes(k) ? new Map() : W.map((row) => [...row].fill(0.0))));
}

/** The rows of parameters that have derivatives. @type {(params: Params, slopes: Slopes) => number[][]} */
function _selected(params, slopes) {
  const rows = /** @type {number[][]} */ ([]);
  params.forEach((W, k) => {
    for (const r of slopes[k].keys()) {
      rows.push(W[r]);
    }
  });
  return rows;
}

/** The place of the first number of each such row among all parameters. @type {(slopes: Slopes) => number[]} */
function _starts(slopes) {
  const starts = /** @type {number[]} */ ([]);
  let start = 0;
  _SHAPES.forEach(([rows, columns], k) => {
    for (const r of slopes[k].keys()) {
      starts.push(start + columns * r);
    }
    start += rows * columns;
  });
  return starts;
}

/** Derivatives with the rows that no example selects, which are 0. @type {(slopes: Slopes) => Slopes} */
function _dense(slopes) {
  return slopes.map((values, k) => {
    const [rows, columns] = _SHAPES[k];
    return values instanceof Map
      ? Array.from({ length: rows }, (_, i) => values.get(i) ?? Array(columns).fill(0.0))
      : values;
  });
}

/** Add a vector to the row of an id. @type {(sums: Map<number, number[]>, id: number, v: number[]) => void} */
function _add_row(sums, id, v) {
  const sum = sums.get(id);
  if (sum) {
    v.forEach((value, j) => (sum[j] += value));
  } else {
    sums.set(id, [...v]);
  }
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
const _column = (rows, j) => rows.map((row) => row[j]);

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
  if (total === 0.0) throw new RangeError("expected weights that do not sum to 0 over a batch");
  return total;
}

/** The weights of a batch, each divided by their sum. @type {(weights: number[]) => number[]} */
function _shares(weights) {
  const total = _total(weights);
  return weights.map((weight) => weight / total);
}

// The values of a row in the order of COLUMNS; other keys are ignored.
/** @type {(row: Row) => unknown[]} */
function _values(row) {
  if (!Array.isArray(row)) {
    const absent = COLUMNS.filter((column) => !Object.hasOwn(Object(row), column));
    if (absent.length > 0) {
      throw new RangeError(`expected a row with the columns ${COLUMNS.join(", ")}; missing: ${absent.join(", ")}`);
    }
    return _values(COLUMNS.map((column) => row[column]));
  }
  if (row.length !== COLUMNS.length) {
    throw new RangeError(`expected ${COLUMNS.length} values, one for each of COLUMNS, got ${row.length}`);
  }
  return row;
}

/** A text without the space around it. @type {(text: string) => string} */
const _bare = (text) => text.replace(/^[ \t-\r]+|(?<![ \t-\r])[ \t-\r]+$/g, "");

/** The number of a text such as -012.5e3; NaN if it is none. @type {(text: string) => number} */
const _parsed = (text) => (/^[-+.0-9eE]+$/.test(text) ? Number(text) : NaN); // Number alone would take 0x10, too

// The texts that stand for a number, as Python writes it: 3 is also 3.0; none if a value has no finite one.
/** @type {(value: any) => string[]} */
function _number_texts(value) {
  if (typeof value === "bigint" || Number.isInteger(value)) {
    const text = String(BigInt(value)); // all digits
    return [text, `${text}.0`];
  }
  if (typeof value !== "number" || !Number.isFinite(value)) return [];
  return [Math.abs(value) < 1e-4 ? value.toExponential().replace(/-(\d)$/, "-0$1") : String(value)];
}

/** The texts of a column. @type {(of: Map<string, any>, column: string) => readonly string[]} */
const _listed = (of, column) => of.get(column);

// The places of texts in each list of them.
/** @type {WeakMap<readonly string[], Map<string, number>>} */
const _PLACES = new WeakMap();

// The place of a text among those that are listed; the one after the last if it is not.
/** @type {(text: string, listed: readonly string[]) => number} */
function _place_of(text, listed) {
  let places = _PLACES.get(listed);
  if (!places) {
    places = new Map(listed.map((one, i) => [_bare(one), i]));
    _PLACES.set(listed, places);
  }
  return places.get(text) ?? listed.length;
}

// source: cells

// source: spellings

// source: categories

// 1 for the category of a place, 0 for the others.
/** @type {(place: number, count: number) => number[]} */
const _one_hot = (place, count) => Array.from({ length: count }, (_, i) => (i === place ? 1.0 : 0.0));

/** A value in a message. @type {(value: unknown) => string} */
function _shown(value) {
  return typeof value === "object" ? "an object" : `${String(value).slice(0, 80)} (${typeof value})`;
}

/** What a message says of the texts of a column. @type {(listed: readonly string[]) => string} */
const _one_of = (listed) => `one of ${listed.slice(0, 20).join(", ")}${listed.length > 20 ? ", ..." : ""}`;

/** What a message says of numbers in a style. @type {(form: Style) => string} */
const _such_as = (form) => `a number such as ${form.prefix}1${form.thousands}234${form.decimal}5${form.suffix}`;

/** A flat list as matrices. @type {(flat: number[]) => Params} */
function _matrices(flat) {
  let start = 0;
  return _SHAPES.map(([rows, columns]) =>
    Array.from({ length: rows }, () => flat.slice(start, (start += columns))),
  );
}

/** Refuse an id that no row belongs to. @type {(id: number, count: number, name: string) => void} */
function _check_id(id, count, name) {
  if (!(Number.isInteger(id) && 0 <= id && id < count)) {
    throw new RangeError(`expected ${name} to be a whole number from 0 to ${count - 1}, got ${id}`);
  }
}

/** Refuse a seed that is no whole number. @type {(seed: number) => void} */
function _check_seed(seed) {
  if (!Number.isInteger(seed)) {
    throw new RangeError(`expected a whole number as seed, got ${String(seed).slice(0, 80)} (${typeof seed})`);
  }
}

// source: random_numbers

// source: order

/** The nearest whole number; of two that are equally near, the even one. @type {(value: number) => number} */
function _rounded(value) {
  const nearest = Math.round(value);
  return nearest - value === 0.5 && nearest % 2 ? nearest - 1 : nearest;
}

/** Four sums with random signs: a wrong value changes each of them. @type {(values: number[]) => number[]} */
function _sums(values) {
  return [0, 1, 2, 3].map((k) => values.reduce((total, v, i) => total + (_bits(k, i) & 1 ? v : -v), 0.0));
}

/** Parameters near the initial ones, as no bias is 0. @type {(seed: number) => Params} */
const _begin = (seed) => unpack(pack(init(seed)).map((w, i) => w + 0.2 * _uniform(seed, i) - 0.1));
