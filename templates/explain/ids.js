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

/** What a layer without weights of its own does, forward or backward; empty for dense layers. */
function sentenceOfIds(name, kind) {
  if (kind === "row-gradient") {
    const block = facts.blocks.find((one) => `d${one.name}` === name);
    return say("Only the row of {id} gets a gradient. All other rows of this matrix stay as they are.", { id: idOf(facts.inputs.indexOf(block.index)) });
  }
  const owner = owners.get(name);
  if (!owner) return "";
  const { symbol, layer } = owner;
  const values = { name: layer.name, sources: (layer.joins ?? []).join(", ") };
  if (symbol === "z" && kind === "embedding") return say("{id} selects its row of {name}.", { ...values, id: idOf(facts.inputs.indexOf(layer.joins[0])) });
  if (symbol === "z" && kind === "dot") return say("{name} multiplies {sources} factor by factor, and adds the products.", values);
  if (symbol === "z" && kind === "product") return say("{name} multiplies {sources}, unit by unit.", values);
  if (symbol === "z" && kind === "ratio") return say("{name} divides {sources}, unit by unit.", values);
  if (symbol === "z" && kind === "add") return say("{name} adds {sources}.", values);
  if (symbol !== "da" || layer === facts.layers.at(-1)) return "";
  const [after, more] = facts.layers.filter((other) => other.joins?.includes(layer.name));
  if (!after || more || facts.layers.some((other) => other.sources.some((source) => source.name === layer.name))) return "";
  const others = after.joins.filter((other) => other !== layer.name).join(", ");
  return after.kind === "add"
    ? say("Backward, {name} receives δ of {after} unchanged.", { name: layer.name, after: after.name })
    : after.kind === "ratio"
      ? say("Backward, {name} receives δ of {after} times the slope of the quotient.", { name: layer.name, after: after.name })
      : say("Backward, {name} receives δ of {after}, times the values of {others}.", { name: layer.name, after: after.name, others });
}
