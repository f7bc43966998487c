/*
The functions of networks with embeddings, whose derivatives have only the rows that examples select: beside those in
runtime.mjs, and in place of some.
*/

// what modules state themselves
const _SHAPES = [[1, 1]];
const _EMBEDDINGS = [0];

/** @typedef {number[][][]} Params - matrices; biases are a matrix of one row */
/** @typedef {any[]} Slopes - matrices; of an embedding a Map of the rows that the examples select */

// what they take

/** The parameters as a flat list, in the order of LAYOUT. @type {(params: Slopes) => number[]} */
export function pack(params) {
  if (params?.length !== _SHAPES.length) {
    throw new RangeError(`expected parameters of shapes ${JSON.stringify(_SHAPES)}, got ${typeof params}`);
  }
  /** @type {number[]} */
  const flat = [];
  params.forEach((values, k) => {
    for (const row of _whole(values, _SHAPES[k])) {
      for (let j = 0; j < row.length; j++) {
        flat.push(row[j]);
      }
    }
  });
  return flat;
}

/** Derivatives of 0 by parameters; those of an embedding have no rows yet. @type {(params: Params) => Slopes} */
function _zeros(params) {
  return params.map((W, k) => (_EMBEDDINGS.includes(k) ? new Map() : W.map((row) => [...row].fill(0.0))));
}

/** The rows of derivatives. @type {(slopes: Slopes) => number[][]} */
function _rows(slopes) {
  return slopes.flatMap((dW) => [...dW.values()]);
}

// The rows of parameters that have derivatives, these derivatives, and the place of each row's first number among all.
/** @type {(params: Params, slopes: Slopes) => [number[][], number[][], number[]]} */
function _selected(params, slopes) {
  const ws = /** @type {number[][]} */ ([]);
  const starts = /** @type {number[]} */ ([]);
  let start = 0;
  _SHAPES.forEach(([rows, columns], k) => {
    for (const r of slopes[k].keys()) {
      ws.push(params[k][r]);
      starts.push(start + columns * r);
    }
    start += rows * columns;
  });
  return [ws, _rows(slopes), starts];
}

/** Derivatives with the rows that no example selects, which are 0. @type {(slopes: Slopes) => Slopes} */
function _dense(slopes) {
  return slopes.map((values, k) => _whole(values, _SHAPES[k]));
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

// A matrix; rows of derivatives become one with 0 in all other rows.
/** @type {(values: number[][] | Map<number, number[]>, shape: number[]) => number[][]} */
function _whole(values, shape) {
  const [rows, columns] = shape;
  return values instanceof Map
    ? Array.from({ length: rows }, (_, i) => values.get(i) ?? Array(columns).fill(0.0))
    : values;
}

// Refuse parameters that do not fit; of an embedding only the first row is looked at, because there may be millions.
/** @type {(params: Params) => void} */
function _check_params(params) {
  _check_shapes(params, (W, k) => (_EMBEDDINGS.includes(k) ? W.slice(0, 1) : W));
}
