// Ids: their names, the ratings of pairs, and sentences about layers without weights of their own.

/** The id of a row. */
function idName(place, row) {
  const { name, names } = ids[place];
  return names[row] ?? (names.length ? say("(other)") : `${name} ${row}`);
}

/** The current id of an input. */
const idOf = (place) => idName(place, state.x[place]);
const isRow = (place, value) => Number.isInteger(value) && value >= 0 && value < ids[place].count;

/** The given ratings by pair: the number, and the example if it is one of training. */
const given = new Map();
const pair = (x) => x.join(" ");
if (facts.rates && facts.data) {
  facts.data.test.x.forEach((x, i) => given.set(pair(x), { value: facts.data.test.y[i][0], example: null }));
  examples.x.forEach((x, i) => given.set(pair(x), { value: examples.y[i][0], example: i }));
}

/** The target of the current pair: its rating, or NaN where none is given. */
function takeRating() {
  state.y = [given.get(pair(state.x))?.value ?? NaN];
}

/** Select a pair of ids. */
function choosePair(x) {
  leaveWalk();
  state.x = [...x];
  takeRating();
  changed(true);
  state.example = given.get(pair(x))?.example ?? null;
  drawPager();
}

/** What the row of an id gets in the backward pass; empty for other statements. */
function sentenceOfRow(name, kind) {
  if (kind !== "row-gradient") return "";
  const block = facts.blocks.find((one) => `d${one.name}` === name);
  return say("Only the row of {id} gets a gradient. All other rows of this matrix stay as they are.", { id: idOf(facts.inputs.indexOf(block.index)) });
}
