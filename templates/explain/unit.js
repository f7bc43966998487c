// Opens a unit of a large layer: draws its connections and lists the terms of its weighted sum.

const rays = $("#rays");
const panel = $("#unit");
let opened = null;

function openUnit(thing) {
  const cells = $$(".unit.open");
  for (const cell of cells) cell.classList.remove("open");
  opened = thing?.classList.contains("unit") && !thing.classList.contains("loss") ? thing : null;
  opened?.classList.add("open");
  drawUnit();
}

/** The indices of the weights that lead to a unit, for each source. */
function fanIn(layer, unit) {
  return layer.sources.map((source) => {
    const inputs = unitsOf(source.name);
    return { ...source, inputs, start: source.start + unit * inputs.length };
  });
}

/** The places of the units that a layer has weights for: of the inputs, those without ids. */
const placesOf = (name) => (name === facts.inputName ? facts.places[name].slice(ids.length) : facts.places[name]);
const layerOf = (name) => facts.layers.find((layer) => layer.name === name);
const bands = new Set($$(".band").map((band) => band.dataset.name.split(" ")[0]));

function drawUnit() {
  rays.replaceChildren();
  panel.hidden = true;
  if (!opened) return;
  const place = Number(opened.dataset.place);
  const unit = Number(opened.dataset.unit);
  const lines = [];
  const name = place ? facts.layers[place - 1].name : facts.inputName;
  const here = facts.places[name][unit];
  if (place) {
    for (const { name: source, weights, start } of fanIn(facts.layers[place - 1], unit)) {
      if (!bands.has(weights)) continue;
      placesOf(source).forEach((from, i) => lines.push([from, here, state.flat[start + i]]));
    }
  }
  for (const layer of facts.layers) {
    layer.units.forEach((_, row) => {
      for (const { name: source, weights, start } of fanIn(layer, row)) {
        const index = place ? unit : unit - ids.length;
        if (source !== name || !bands.has(weights) || index < 0) continue;
        lines.push([here, facts.places[layer.name][row], state.flat[start + index]]);
      }
    });
  }
  const largest = Math.max(extent(lines.map((line) => Math.abs(line[2])))[1], 1e-9);
  for (const [from, to, weight] of lines) {
    if (!from || !to) continue;
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", `M${from}L${to}`);
    path.setAttribute("class", weight < 0 ? "ray negative" : "ray");
    path.style.strokeWidth = `${(0.2 + (2.6 * Math.abs(weight)) / largest).toFixed(2)}px`;
    path.style.strokeOpacity = (0.15 + (0.85 * Math.abs(weight)) / largest).toFixed(2);
    rays.append(path);
  }
  if (place && lines.length) listTerms(place, unit);
}

const MOST_TERMS = 5;

/** The largest terms of a weighted sum, and the weights as an image if their number is a square. */
function listTerms(place, unit) {
  const layer = facts.layers[place - 1];
  panel.hidden = false;
  const terms = [];
  const pictures = [];
  for (const { name: source, start, inputs } of fanIn(layer, unit)) {
    const from = facts.layers.findIndex((other) => other.name === source) + 1;
    const weights = state.flat.slice(start, start + inputs.length);
    weights.forEach((weight, i) => terms.push({ weight, from: inputs[i], value: activation(from, i) }));
    const side = Math.sqrt(weights.length);
    if (Number.isInteger(side) && side > 3) pictures.push({ weights, side, source });
  }
  terms.sort((one, other) => Math.abs(other.weight * other.value) - Math.abs(one.weight * one.value));
  const rest = terms.slice(MOST_TERMS);
  panel.replaceChildren();
  for (const { weights, side, source } of pictures) {
    const figure = document.createElement("figure");
    const canvas = document.createElement("canvas");
    paint(canvas, Array.from({ length: side }, (_, i) => weights.slice(i * side, (i + 1) * side)));
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", say("the weights from {source}, arranged like its units", { source }));
    const caption = document.createElement("figcaption");
    caption.textContent = say("its weights from {source}", { source });
    figure.append(canvas, caption);
    panel.append(figure);
  }
  const table = document.createElement("table");
  const caption = table.createCaption();
  const z = ofUnit("z", layer, unit);
  caption.textContent = say("{unit}: z = {z}, the {count} largest of {all} terms", { unit: layer.units[unit], z: written(z), count: Math.min(MOST_TERMS, terms.length), all: terms.length });
  const add = (cells, kind = "td") => {
    const row = table.insertRow();
    cells.forEach((text, i) => {
      const cell = document.createElement(i === 0 ? "th" : kind);
      cell.textContent = text;
      row.append(cell);
    });
  };
  for (const { from, weight, value } of terms.slice(0, MOST_TERMS)) {
    add([from, `${written(weight)} · ${written(value)}`, `= ${written(weight * value)}`]);
  }
  if (rest.length) {
    add([say("{count} more", { count: rest.length }), "", `= ${written(rest.reduce((sum, term) => sum + term.weight * term.value, 0))}`]);
  }
  if (layer.biases !== null) add([say("bias"), "", written(state.flat[layer.biases + unit])]);
  panel.append(table);
}
