/*
The fixed functions of JavaScript modules: a module gets those that it names, and those that these name.

See nngen/targets/definitions.py; what capital letters stand for is in nngen/targets/javascript_settings.py.
*/

// what a network has: a condition with one of these is decided when a module is written
const [CHECKS, CLASSIFIES, COUNTING, DISTRIBUTION, FILLED, FILLED_TEXTS, FOUR_ROWS, FROZEN, GAPS, IDS] = Array(10).fill(true);
const [LAYERS, MEAN_LOSS, NUMBERED, NUMBERS_AS_TEXTS, OTHERS, OTHERS_REFUSED, OWN_WEIGHT, REMEMBERS] = Array(8).fill(true);
const [ROWS_OF_TEST, SEVERAL, TEST_SUMS, TEXT_GAPS, TOGETHER, TRUTHS, WEIGHTED_MEAN] = Array(7).fill(true);

// the numbers of a network, and pieces of its text
const BATCH_SIZE = 1, EPOCHS = 1, EVERY = 1, INPUTS = 1, OUTPUTS = 1, SIZE = 1, TEST_SEED = 1, TEST_STEPS = 1;
const LARGEST = 1e100, THRESHOLD = 0.5, FIRST_COUNTING = 0, ORDER_SEED = 0, RATE = 0.5, STOP_SEED = 0, SHARE = 0.5;
const LEAST = 1, TRAINING_SEED = 0, TRIAL = 0.5, NEGATIVE = 0.0;
const [ENDS, TARGET_HOLDS] = Array(2).fill(true);
/** @type {any} */
let [CHECK_PARAMS, CLEARED, COPIED, COPY_CHECKED, DIVIDED, EXAMPLES, EXAMPLE_OF_TRIAL, OF_CLASS, PLACED, STARTS, STATE_COPY] = [];
/** @type {any} */
let [TRIAL_WEIGHTS, UPDATED, ZEROS] = [];

/** @typedef {any[]} STATE */
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
/** @type {[string, number][]} */
const _COUNTS = [["user", 3]];
const _VALIDATION = [1, 2];
/** @type {[number, number][]} */
const _FROZEN = [];
const _TEST_ROWS = [[1.0]];
const _EXPECTED = [1.0];
const COLUMNS = ["a column"];
const CATEGORIES = new Map(/** @type {const} */ ([["a column", ["a category"]]]));
const CLASSES = ["no", "yes"];
const _MISSING = ["", "NA"];

/** Initial parameters. @type {(seed?: number) => Params} */
export function init(seed = 1) {
  return unpack([_uniform(seed, 0)]);
}

/** The outputs of one example. @type {(params: Params, x: number[]) => number[]} */
export function forward(params, x) {
  return [_dot(params[0][0], x)];
}

/** The inputs of the network for a row of the data. @type {(row: Row) => number[]} */
export function encode(row) {
  return _values(row).map((value) => _number("a column", value));
}

/** The loss of one example; its derivatives are added to slopes. @type {(params: Params, ...example: any[]) => number} */
function _gradient(params, ...example) {
  return params[0][0][0] - example.length;
}

/** The loss of a batch, its slopes, and the parameters after it. @type {(...given: any[]) => [number, Params, Params]} */
function batch_gradient(...given) {
  return [given.length, [], []];
}

/** Update parameters in place. @type {(params: Params, slopes: Slopes, state: State) => void} */
function _update(params, slopes, state) {
  params[0][0][0] -= slopes[0][0][0] + state.length;
}

// what they take

// helpers: an example

// source: losses

// helpers: answers

// source: answers

// helpers: steps

/** @typedef {STATE} State - of OPTIMIZER: REMEMBERED */
/** The state before the first step. @type {(params: Params) => State} */
export function init_state(params) {
  return STARTS;
}

/** One step of OPTIMIZER. @type {(params: Params, gradient: Slopes, state: State) => [Params, State]} */
export function step(params, gradient, state) {
  const updated = COPY_CHECKED;
  /** @type {State} */
  const after = STATE_COPY;
  _update(UPDATED);
  return [updated, REMEMBERS ? after : state];
}

// helpers: training

// source: training

// helpers

/** The parameters as a flat list, in the order of LAYOUT. @type {(params: Slopes) => number[]} */
export function pack(params) {
  if (!LAYERS) {
    if (params?.length !== SIZE) {
      throw new RangeError(`expected SIZE NOUN_W, got ${params?.length}`);
    }
    return [...params];
  }
  if (params?.length !== _SHAPES.length) {
    throw new RangeError(`expected parameters of shapes ${JSON.stringify(_SHAPES)}, got ${typeof params}`);
  }
  const flat = /** @type {number[]} */ ([]);
  for (const row of _rows(IDS ? _dense(params) : params)) {
    for (let j = 0; j < row.length; j++) {
      flat.push(row[j]);
    }
  }
  return flat;
}

/** The parameters from a flat list, in the order of LAYOUT. @type {(flat: number[]) => Params} */
export function unpack(flat) {
  return LAYERS ? _matrices(_check_list(flat, SIZE, "NOUN_W")) : [..._check_list(flat, SIZE, "NOUN_W")];
}

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

/** The sum of products, added one after the other. @type {(v: number[], w: number[]) => number} */
function _dot(v, w) {
  let total = 0.0;
  for (let i = 0; i < v.length; i++) {
    total += v[i] * w[i];
  }
  return total;
}

// source: numbers

// The sum of products of x with each row of a matrix, plus b.
/** @type {(W: number[][], x: number[], b?: number[]) => number[]} */
function _affine(W, x, b = W.map(() => 0.0)) {
  if (!FOUR_ROWS) {
    return W.map((row, i) => b[i] + row.reduce((total, w, j) => total + w * x[j], 0.0));
  }
  const sums = [...b];
  let i = 0;
  // four rows at a time, since each addition waits for the one before it
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

/** The rows of all matrices; flat() takes ten times as long. @type {(matrices: Slopes) => number[][]} */
function _rows(matrices) {
  const rows = /** @type {number[][]} */ ([]);
  for (const W of matrices) {
    rows.push(...(IDS ? W.values() : W));
  }
  return rows;
}

/** Derivatives of 0 by parameters; those of an embedding have no rows yet. @type {(params: Params) => Slopes} */
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

/** SAYS_WEIGHT @type {(y: number[]) => number} */
const _weight = (y) => OF_CLASS;

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

/** The matrices; other shapes are refused. @type {(params: Params) => Params} */
function _check_shapes(params) {
  if (CHECKS && (!Array.isArray(params) || !params.every(Array.isArray))) {
    throw new RangeError(`expected parameters of shapes ${JSON.stringify(_SHAPES)}, got ${typeof params}`);
  }
  const fits = _SHAPES.every(([rows, columns], k) => {
    return params[k]?.length === rows && (IDS ? _seen(params[k], k) : params[k]).every((row) => row?.length === columns);
  });
  if (params.length !== _SHAPES.length || !fits) {
    const got = JSON.stringify(params.map((W) => [W.length, W[0]?.length]));
    throw new RangeError(`expected parameters of shapes ${JSON.stringify(_SHAPES)}, got ${got}`);
  }
  // only the first number of each row: checking all takes as long as the equations
  if (CHECKS && !params.every((W, k) => (IDS ? _seen(W, k) : W).every((row) => typeof row[0] === "number"))) {
    params.forEach((W, k) => (IDS ? _seen(W, k) : W).forEach((row) => _check_list(row, row.length, "numbers")));
  }
  return params;
}

// The rows of a matrix that are checked: of an embedding only the first, as there may be millions.
/** @type {(W: number[][], k: number) => number[][]} */
const _seen = (W, k) => (_EMBEDDINGS.includes(k) ? W.slice(0, 1) : W);

/** The list; another length is refused. @type {(values: number[], count: number, what: string) => number[]} */
function _check_list(values, count, what) {
  if (values?.length !== count) throw new RangeError(`expected ${count} ${what}, got ${values?.length}`);
  // + would join texts, and * would read null as 0; findIndex takes half as long as the loop, which finds the place
  if (CHECKS && values.findIndex?.((value) => typeof value !== "number") !== -1) {
    for (let i = 0; i < count; i++) {
      if (typeof values[i] !== "number") {
        const got = `${String(values[i]).slice(0, 80)} (${typeof values[i]}) at place ${i}`;
        throw new RangeError(`expected a list of numbers, got ${got}`);
      }
    }
  }
  return values;
}

/** Inputs that fit; others are refused. @type {(x: number[]) => number[]} */
function _check_inputs(x) {
  _check_list(x, INPUTS, "NOUN_X");
  if (IDS) {
    _COUNTS.forEach(([name, count], i) => _check_id(x[i], count, name));
  }
  return x;
}

/** Refuse targets that the loss does not accept. @type {(y: number[]) => void} */
function _check_targets(y) {
  _check_list(y, OUTPUTS, "NOUN_Y");
  if (!y.every((y) => TARGET_HOLDS)) {
    throw new RangeError(`expected targets that are TARGETS, got [${y}]`);
  }
  if (DISTRIBUTION && Math.abs(_sum(y) - 1.0) > 1e-5) {
    throw new RangeError(`expected targets that sum to 1, got [${y}]`);
  }
}

/**
 * How many examples a step takes.
 * @type {(params: Params, xs: number[][], ys: number[][], batch_size: number | null, seed: number | null) => number}
 */
function _size(params, xs, ys, batch_size, seed) {
  const size = batch_size ?? xs?.length;
  if (xs?.length !== ys?.length || !(xs?.length > 0) || !Number.isInteger(size) || size < 1) {
    const got = `${xs?.length}, ${ys?.length} and ${size}`;
    throw new RangeError(`expected as many xs as ys, at least 1, and batches of at least 1; got ${got}`);
  }
  if (CHECKS) {
    _check_seed(seed ?? 0);
    CHECK_PARAMS;
    xs.forEach(_check_inputs);
    ys.forEach(_check_targets);
  }
  return size;
}

// Refuse parameters and an example that do not fit.
/** @type {(params: Params, x: number[], y: number[], weight?: number) => void} */
function _check_example(params, x, y, weight = 1.0) {
  CHECK_PARAMS;
  _check_inputs(x);
  _check_targets(y);
  if (OWN_WEIGHT && !(0.0 <= weight && weight < 1e18)) {
    throw new RangeError(`expected a weight of at least 0 and less than 1e18, got ${weight}`);
  }
}

/** Refuse an id that no row belongs to. @type {(id: number, count: number, name: string) => void} */
function _check_id(id, count, name) {
  if (!(Number.isInteger(id) && 0 <= id && id < count)) {
    throw new RangeError(`expected ${name} to be a whole number from 0 to ${count - 1}, got ${id}`);
  }
}

/** Weights of examples that fit; others are refused. @type {(weights: number[], count: number) => number[]} */
function _check_weights(weights, count) {
  if (!CHECKS) {
    return _check_list(weights, count, "weights");
  }
  if (weights.length !== count || !weights.every((one) => typeof one === "number" && 0.0 <= one && one < 1e18)) {
    const got = `${weights.length}: ${`[${weights.join(", ")}]`.slice(0, 80)}`;
    throw new RangeError(`expected ${count} weights of at least 0 and less than 1e18, got ${got}`);
  }
  return weights;
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

/** Random inputs. @type {(seed: number, start: number) => number[]} */
function _random_input(seed, start) {
  const x = Array.from({ length: INPUTS }, (_, i) => 2.0 * _uniform(seed, start + i) - 1.0);
  if (IDS) {
    _COUNTS.forEach(([, count], i) => (x[i] = Math.floor(((x[i] + 1.0) / 2.0) * count)));
  }
  return x;
}

/** Targets of example k: some are one, and the others are not. @type {(k: number, one: number) => number[]} */
function _random_target(k, one) {
  return Array.from({ length: OUTPUTS }, (_, j) => ((DISTRIBUTION ? j === k % OUTPUTS : (j + k) % 2) ? one : NEGATIVE));
}

/** Parameters near the initial ones, as no bias is 0. @type {(seed: number) => Params} */
const _begin = (seed) => unpack(pack(init(seed)).map((w, i) => w + 0.2 * _uniform(seed, i) - 0.1));

/**
 * The largest error against nngen's reference: of outputs, losses, gradients, and parameters after TEST_STEPS steps.
 *
 * It is relative to 1 + |number|. Above the tolerance, which allows for exp and tanh of other platforms, it is a
 * RangeError.
 * @type {(tolerance?: number) => number}
 */
export function selftest(tolerance = 1e-9) {
  /** @type {(values: number[]) => number[]} */
  const shorten = TEST_SUMS ? _sums : (values) => values;
  const begin = _begin(TEST_SEED);
  let [params, state] = [begin, init_state(begin)];
  const answers = /** @type {[string, number[]][]} */ ([]);
  for (let k = 0; k < TEST_STEPS; k++) {
    const x = _random_input(TEST_SEED + k + 1, 0);
    const y = _random_target(k, 1.0);
    const slopes = gradient(begin, x, y)[1];
    answers.push(["output", shorten(forward(begin, x))], ["loss", [loss(begin, x, y)]]);
    answers.push(["gradient", shorten(pack(slopes))]);
    [params, state] = step(params, slopes, state);
  }
  answers.push(["parameters after TEST_STEPS steps", shorten(pack(params))]);
  if (ROWS_OF_TEST) {
    for (const row of _TEST_ROWS) {
      const answer = predict(begin, row);
      answers.push(["input", shorten(encode(row))]);
      answers.push(["answer", CLASSIFIES ? [CLASSES.indexOf(answer)] : SEVERAL ? answer : [answer]]);
    }
  }
  const found = answers.flatMap(([what, numbers]) => numbers.map((number) => /** @type {const} */ ([what, number])));
  if (found.length !== _EXPECTED.length) {
    throw new RangeError(`expected ${_EXPECTED.length} numbers, got ${found.length}`);
  }
  let worst = 0.0;
  found.forEach(([what, number], i) => {
    const error = Math.abs(number - _EXPECTED[i]) / (1.0 + Math.abs(_EXPECTED[i]));
    if (!(error <= tolerance)) throw new RangeError(`expected ${_EXPECTED[i]} for the ${what}, got ${number}`);
    worst = Math.max(worst, error);
  });
  return worst;
}

// The loss of four random examples and its gradient, for the check of the gradient.
/** @type {(params: Params, trial: number) => [number, Slopes]} */
function _measured(params, trial) {
  const places = [0, 1, 2, 3];
  const xs = places.map((k) => _random_input(trial + 200, INPUTS * k));
  const ys = places.map((k) => _random_target(DISTRIBUTION ? 4 * trial + k : k, DISTRIBUTION ? 1.0 : TRIAL));
  if (COUNTING && TOGETHER) {
    // a class that counts: weights of 0 alone have no mean
    ys[0] = ys[0].map((_, j) => (j === FIRST_COUNTING ? 1.0 : 0.0));
  }
  const weights = TRIAL_WEIGHTS;
  const seeds = places.map((k) => 4 * trial + k);
  if (TOGETHER) {
    const [loss, slopes] = batch_gradient(params, EXAMPLES, trial % 2 === 0);
    return [loss, slopes];
  }
  const slopes = ZEROS;
  const products = /** @type {Products} */ ([]);
  const loss = places.reduce((sum, k) => sum + _gradient(params, EXAMPLE_OF_TRIAL), 0.0);
  if (MEAN_LOSS) {
    const whole = places.length;
    DIVIDED;
    return [loss / whole, slopes];
  }
  return [loss, slopes];
}

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
    if (FROZEN) {
      for (const places of _FROZEN) {
        direction.fill(0.0, ...places);
      }
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
