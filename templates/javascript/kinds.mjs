/*
The checks of the kinds of values, for modules with the part checks: in place of those of sizes in runtime.mjs.
*/

// what modules state themselves
const _SHAPES = [[1, 1]];

/** @typedef {number[][][]} Params - matrices; biases are a matrix of one row */

// what they take

// Refuse matrices of other shapes, and what are none; seen gives the rows of a matrix that are looked at.
/** @type {(params: Params, seen?: (W: number[][], k: number) => number[][]) => void} */
function _check_shapes(params, seen) {
  if (!Array.isArray(params) || !params.every(Array.isArray)) {
    throw new RangeError(`expected parameters of shapes ${JSON.stringify(_SHAPES)}, got ${typeof params}`);
  }
  const some = seen ? params.map(seen) : params;
  const fits = params.every(
    (W, k) => W.length === _SHAPES[k]?.[0] && some[k].every((row) => row?.length === _SHAPES[k][1]),
  );
  if (params.length !== _SHAPES.length || !fits) {
    const got = JSON.stringify(params.map((W) => [W.length, W[0]?.length]));
    throw new RangeError(`expected parameters of shapes ${JSON.stringify(_SHAPES)}, got ${got}`);
  }
  // only the first number of each row: checking all takes as long as the equations
  if (!some.every((W) => W.every((row) => typeof row[0] === "number"))) {
    some.forEach((W) => W.forEach((row) => _check_list(row, row.length, "numbers")));
  }
}

// Refuse anything but a list of this many numbers: + would join texts, and * would read null as 0.
/** @type {(values: number[], count: number, what: string) => void} */
function _check_list(values, count, what) {
  if (values?.length !== count) {
    throw new RangeError(`expected ${count} ${what}, got ${values?.length}`);
  }
  // findIndex takes half as long as the loop, which finds the place again
  if (values.findIndex?.((value) => typeof value !== "number") === -1) {
    return;
  }
  for (let i = 0; i < count; i++) {
    if (typeof values[i] !== "number") {
      throw new RangeError(`expected a list of numbers, got ${String(values[i]).slice(0, 80)} (${typeof values[i]}) at place ${i}`);
    }
  }
}

/** Refuse weights of examples that do not fit. @type {(weights: number[], count: number) => void} */
function _check_weights(weights, count) {
  if (weights.length !== count || !weights.every((one) => typeof one === "number" && 0.0 <= one && one < 1e18)) {
    const got = `${weights.length}: ${`[${weights.join(", ")}]`.slice(0, 80)}`;
    throw new RangeError(`expected ${count} weights of at least 0 and less than 1e18, got ${got}`);
  }
}
