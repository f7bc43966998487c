/*
The functions of parameters in a flat list, for modules with an equation for each weight: in place of those of matrices
in runtime.mjs.
*/

// what modules state themselves
export const PARAMETERS = ["w"];

/** @typedef {number[]} Params - numbers in the order of PARAMETERS */

// what they take

// The loss of the examples of a batch, over a count, and so their derivatives, which go to slopes.
/** @type {(add: (k: number, slopes: Params) => number, batch: number[], slopes: Params, count: number) => number} */
function _batch(add, batch, slopes, count) {
  slopes.fill(0.0);
  const total = batch.reduce((sum, k) => sum + add(k, slopes), 0.0);
  slopes.forEach((slope, j) => (slopes[j] = slope / count));
  return total / count;
}

/** The parameters as a flat list, in the order of LAYOUT. @type {(params: Params) => number[]} */
export function pack(params) {
  if (params?.length !== PARAMETERS.length) {
    throw new RangeError(`expected ${PARAMETERS.length} parameters, got ${params?.length}`);
  }
  return [...params];
}

/** The parameters from a flat list, in the order of LAYOUT. @type {(flat: number[]) => Params} */
export function unpack(flat) {
  _check_list(flat, PARAMETERS.length, "parameters");
  return [...flat];
}
