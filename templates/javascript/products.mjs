/*
The gradient of a batch whose products are added for four examples at a time: in place of that in runtime.mjs.
*/

/** @typedef {number[][][]} Params - matrices; biases are a matrix of one row */
/** @typedef {[number[][], number[], number[]][]} Products - a matrix, and two vectors whose products it gets */

// what they take

/**
 * The loss of the examples of a batch, over a count, and so their derivatives, which go to slopes.
 * @type {(add: (k: number, slopes: Params, products: Products) => number, batch: number[], slopes: Params, count: number)
 *   => number}
 */
function _batch(add, batch, slopes, count) {
  /** @type {Products} */
  const products = [];
  let total = 0.0;
  _rows(slopes).forEach((row) => row.fill(0.0));
  for (let place = 0; place < batch.length; place++) {
    total += add(batch[place], slopes, products);
    if (place % 4 === 3) {
      _add_fours(products);
      products.length = 0;
    }
  }
  products.forEach(([sums, v, w]) => _add_outer(sums, v, w));
  _rows(slopes).forEach((row) => row.forEach((slope, j) => (row[j] = slope / count)));
  return total / count;
}
