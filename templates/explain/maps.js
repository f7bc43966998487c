// What each unit does, over two inputs: its values as a small map in the picture, and its line on the plane.

const images = $$(".map", svg).map((element) => {
  const { place, unit } = element.closest(".unit").dataset;
  return { element, place: Number(place), unit: Number(unit) };
});
const CELLS = 20; // of a map, in each direction
const pad = document.createElement("canvas");
[pad.width, pad.height] = [CELLS, CELLS];

/** A point of the plane; the shares count from the left and from the bottom. Other inputs stay as they are. */
function pointAt(across, up) {
  const x = [...state.x];
  [across, up].forEach((share, k) => {
    const [low, high] = span[shownInputs[k]];
    x[shownInputs[k]] = low + share * (high - low);
  });
  return x;
}

function drawMaps() {
  if (!images.length || !svg.clientWidth || state.failure || state.view === "slopes") return;
  mapsOf(images).forEach((map, k) => images[k].element.setAttribute("href", map));
}

/** The map of each unit as a picture: blue above its middle, orange below. A unit has its place among the layers. */
function mapsOf(units) {
  const params = live.unpack(state.flat);
  const now = [...live.$record];
  const maps = units.map(() => []);
  for (let i = 0; i < CELLS * CELLS; i++) {
    const x = pointAt(((i % CELLS) + 0.5) / CELLS, 1 - (Math.floor(i / CELLS) + 0.5) / CELLS);
    live.gradient(params, x, state.y); // records the activations of all layers
    units.forEach(({ place, unit }, k) => maps[k].push(place === 0 ? x[unit] : recorded(facts.layers[place - 1], unit)));
  }
  live.$record.splice(0, Infinity, ...now);
  return units.map(({ place }, k) => {
    const values = maps[k];
    const [least, most] = extent(values);
    const middle = place === 0 ? (least + most) / 2 : least >= 0 && most <= 1 ? 0.5 : 0;
    const reach = place === 0 ? (most - least) / 2 : Math.max(middle, extent(values.map((value) => Math.abs(value - middle)))[1]);
    const context = pad.getContext("2d");
    const image = context.createImageData(CELLS, CELLS);
    values.forEach((value, i) => image.data.set(colour((0.9 * (value - middle)) / (reach || 1)), 4 * i));
    context.putImageData(image, 0, 0);
    return pad.toDataURL();
  });
}

let seenUnit = ""; // the names of the unit under the pointer: the plane shows its map in place of the output

function seeUnit(names) {
  if (names === seenUnit || !planar) return;
  seenUnit = names;
  drawLearners();
  document.dispatchEvent(new Event("seen"));
}

/** The map of the unit under the pointer. */
const seenMap = () => $$(".map[href]").find((one) => (one.closest(".unit") ?? one).dataset.name === seenUnit);

const activations = new Map(statements.map((name, row) => [name, row])); // where each name is recorded last

/** The recorded activation of a unit. */
function recorded(layer, unit) {
  const single = activations.get(`a_${layer.units[unit]}`);
  if (facts.level === "weights") return live.$record[single];
  let values = live.$record[activations.get(`a_${layer.name}`)];
  if (Array.isArray(values[0])) values = values[0];
  return values[unit];
}

const FONT = 18; // pixels of a canvas
const FONT_ON_WALL = 28.5; // pixels of the screen

/** The axes of the plane: the name of each input, and ticks near the ends. What they take is returned: the middle, the height and half the width of each text. */
function drawAxes(context) {
  const size = context.canvas.width;
  const font = `${wall.present ? (FONT_ON_WALL * size) / context.canvas.clientWidth : FONT}px sans-serif`;
  if (context.font !== font) context.font = font; // only then, since it makes the browser compute styles
  const taken = [];
  context.save();
  [context.strokeStyle, context.fillStyle, context.lineWidth, context.textAlign] = [themed("--paper"), themed("--ink"), 5, "center"];
  shownInputs.forEach((input, k) => {
    const [low, high] = span[input];
    for (const share of [1 / 6, 0.5, 5 / 6]) {
      const text = share === 0.5 ? facts.inputs[input] : short(low + share * (high - low));
      const half = context.measureText(text).width / 2 + 10; // a long name is not cut
      const spot = k ? [half, (1 - share) * size + 6] : [Math.min(share * size, size - half), size - 12];
      taken.push([...spot, half]);
      context.strokeText(text, ...spot);
      context.fillText(text, ...spot);
      context.fillRect(...(k ? [0, (1 - share) * size, 6, share === 0.5 ? 0 : 2] : [share * size, size - 6, share === 0.5 ? 0 : 2, 6]));
    }
  });
  context.restore();
  return taken;
}

/** The lines on which a unit of the first layer gets the weighted sum 0: z = w₁x₁ + w₂x₂ + b, where b has what other inputs add. Names keep away from the texts that are there. */
function drawLines(context, ink, layers, flat, taken) {
  const layer = layers[0];
  const wide = board.width;
  const count = facts.inputs.length;
  if (layer.units.length > 8 || layers.length === 1 || layer.sources.length !== 1) return;
  context.save();
  context.setLineDash([7, 6]);
  const labels = [];
  [context.strokeStyle, context.lineWidth] = [ink, 1.2];
  layer.units.forEach((name, unit) => {
    const { start } = layer.sources[0];
    const weights = flat.slice(start + count * unit, start + count * (unit + 1));
    const own = layer.biases === null ? 0 : flat[layer.biases + unit];
    const bias = weights.reduce((sum, w, i) => (shownInputs.includes(i) ? sum : sum + w * state.x[i]), own);
    const ends = crossings(weights[shownInputs[0]], weights[shownInputs[1]], bias);
    if (ends.length < 2) return;
    const [from, to] = ends.map(([x1, x2]) => [place(x1, span[shownInputs[0]], wide), wide - place(x2, span[shownInputs[1]], wide)]);
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
    const half = context.measureText(name).width / 2 + 5;
    const tall = parseFloat(context.font);
    const spots = [0, 1, 0.15, 0.85, 0.3, 0.7].map((t) => [from, to].map((end, i) => end.map((side) => side * (i ? t : 1 - t)))).map(([[x, y], [right, down]]) => [
      Math.min(wide - half, Math.max(half, x + right)),
      Math.min(wide - 8, Math.max(tall, y + down - 4)),
    ]);
    const free = ([x, y]) => taken.every(([left, top, reach]) => Math.abs(x - left) > half + reach - 4 || Math.abs(y - top) > tall);
    const spot = spots.find(free);
    if (!spot) return; // a line without a name is better than two names in one place
    labels.push([name, ...spot]);
    taken.push([...spot, half]);
  });
  context.setLineDash([]);
  [context.strokeStyle, context.fillStyle, context.lineWidth, context.textAlign] = [themed("--paper"), themed("--ink"), 5, "center"];
  for (const label of labels) (context.strokeText(...label), context.fillText(...label));
  context.restore();
}

/** Where the line w₁x₁ + w₂x₂ + b = 0 meets the edge of the plane. */
function crossings(w1, w2, bias) {
  const [[left, right], [bottom, top]] = shownInputs.map((i) => span[i]);
  const found = [];
  for (const x1 of [left, right]) {
    const x2 = -(bias + w1 * x1) / w2;
    if (x2 >= bottom && x2 <= top) found.push([x1, x2]);
  }
  for (const x2 of [bottom, top]) {
    const x1 = -(bias + w2 * x2) / w1;
    if (x1 > left && x1 < right) found.push([x1, x2]);
  }
  return found.slice(0, 2);
}
