// Networks of more layers, which the page makes: nngen wrote their texts with other sizes, and their pictures with the most units.

/** A network by its key: `tanh 3`, `relu 4-4-2 l2`, or `0 l1` without hidden layers. */
function networkOf(key) {
  const words = key.split(" ");
  const none = words[0] === "0";
  const sizes = none ? [] : (words[1] ?? "").split("-").map(Number);
  return { activation: none ? "" : words[0], sizes, penalty: words[none ? 1 : 2] ?? "" };
}

const keyOf = ({ activation, sizes, penalty }) => [...(sizes.length ? [activation, sizes.join("-")] : ["0"]), penalty].filter(Boolean).join(" ");
const sketchOf = ({ activation, sizes, penalty }) => [sizes.length && activation, String(sizes.length), penalty].filter(Boolean).join(" ");

/** Whether the page has a network, or can make it. */
function isAllowed(key) {
  if (Object.hasOwn(carried.networks, key)) return true;
  const network = networkOf(key);
  const fits = network.sizes.every((size) => Number.isInteger(size) && size >= 1 && size <= carried.deep.widest);
  return fits && keyOf(network) === key && Object.hasOwn(carried.deep.networks, sketchOf(network)) && Object.hasOwn(carried.deep.pictures, network.sizes.length);
}

/** The numbers of lines, from pairs of a start and a count. */
const expanded = (runs) => runs.flatMap((start, i) => (i % 2 ? [] : Array.from({ length: runs[i + 1] }, (_, k) => start + k)));

/** The numbers of the lines of a text: listed, or as what differs from another one. */
function linesIn({ lines, like, cuts }) {
  if (lines) return expanded(lines);
  const made = linesIn(carried.deep.networks[like]);
  for (const [start, end, runs] of [...cuts].reverse()) made.splice(start, end - start, ...expanded(runs));
  return made;
}

/** Where the blocks of parameters start, and how many numbers they and their inputs have, with hidden layers of these sizes. */
function blocksAt({ layers, blocks }, sizes) {
  const owners = new Map(layers.flatMap((layer, k) => layer.units.map((unit) => [unit, k])));
  const count = (units) => (units.length ? sizes[owners.get(units[0])] ?? units.length : 1);
  let total = 0;
  const made = blocks.map(({ units, inputs }) => {
    const block = { to: units[0], start: total, count: count(units) * count(inputs), inputs: inputs.length && count(inputs) };
    total += block.count;
    return block;
  });
  return { made, total };
}

/** What the script knows of a network with hidden layers of these sizes, from one with the most units. */
function shrunk(facts, { activation, sizes }) {
  const made = { ...structuredClone(facts), level: "layers" };
  const { made: blocks } = blocksAt(facts, sizes);
  const starts = new Map(blocks.map(({ start }, k) => [facts.blocks[k].start, start]));
  sizes.forEach((size, k) => Object.assign(made.layers[k], { activation, units: made.layers[k].units.slice(0, size) }));
  const kept = new Set([...made.inputs, ...made.layers.flatMap(({ units }) => units)]);
  made.blocks.forEach((block, k) => {
    block.start = blocks[k].start;
    for (const ends of ["units", "inputs"]) block[ends] = block[ends].filter((unit) => kept.has(unit));
  });
  for (const layer of made.layers) {
    if (layer.biases !== null) layer.biases = starts.get(layer.biases);
    for (const source of layer.sources) source.start = starts.get(source.start);
  }
  return made;
}

/** Put the numbers of some sizes in place of those of the stand-ins, in all texts of a part. */
function renumber(part, { sizes }) {
  const { facts } = carried.deep.pictures[sizes.length];
  const numbersOf = (some) => {
    const { made, total } = blocksAt(facts, some);
    const taken = ({ to }) => made.reduce((sum, block) => (block.to === to ? sum + block.inputs : sum), 0); // by a unit, from all its sources
    return [...some, ...made.flatMap((block) => [block.start, block.count, taken(block)]), total];
  };
  const stands = numbersOf(carried.deep.sizes.slice(0, sizes.length));
  const numbers = new Map(numbersOf(sizes).map((number, i) => [String(stands[i]), number]));
  const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const { currentNode: node } = texts;
    if (!/\d/.test(node.data)) continue;
    const named = node.data.replace(/(\w+?)1\.\.\1(\d+), \2(?!\d)/g, (whole, stem, count) => (numbers.has(count) ? spanOf(stem, numbers.get(count)) : whole));
    node.data = named.replace(/(^|[^\w.])(\d+)(?!\w|\.\d)/g, (whole, before, number) => before + (numbers.get(number) ?? number)).replace(/\bArray\(1\)\.fill\(([-\d.]+)\)/g, "[$1]");
  }
}

const LONGEST_SPAN = 40; // letters of the names of units in a layout, as in nngen's `network.py`

/** The names of units in a layout. */
function spanOf(stem, count) {
  const line = Array.from({ length: count }, (_, i) => stem + (i + 1)).join(" ");
  return line.length > LONGEST_SPAN ? `${stem}1..${stem}${count}, ${count}` : line;
}

// The picture. Lengths are in units of the drawing, as in nngen's `columns.py` and `connections.py`.

const rounded = (value) => String(Math.round(10 * value) / 10);

/** The places of the units of a hidden layer: a column with this radius, around the middle. */
function columnOf(x, count) {
  const height = Math.min(350, Math.max(270, 34 * count));
  const radius = Math.max(5, Math.min(21, (0.43 * height) / count));
  const pitch = Math.min(92, Math.max(2 * radius + 4, height / count));
  const labels = count === 1 || pitch >= 2 * radius + 18;
  return Array.from({ length: count }, (_, i) => ({ x, y: pitch * (i - (count - 1) / 2), radius, labels }));
}

/** Set attributes that are numbers. */
function setNumbers(element, numbers) {
  for (const [name, value] of Object.entries(numbers)) element?.setAttribute(name, rounded(value));
}

/** Give a picture as many units as the layers have, and note their places. */
function resize(figure, facts) {
  const places = new Map();
  const columns = $$(".column", figure);
  for (const column of columns) {
    const layer = facts.layers[column.dataset.place - 1];
    const bodies = $$(".unit .body", column);
    const hidden = layer && layer !== facts.layers.at(-1);
    const names = layer?.units ?? facts.inputs;
    const spots = hidden
      ? columnOf(Number(bodies[0].getAttribute("cx")), names.length)
      : bodies.map((body) => ({ x: Number(body.getAttribute("cx")), y: Number(body.getAttribute("cy")), radius: Number(body.getAttribute("r")), labels: true }));
    if (hidden) drawColumn(column, layer, spots, facts.layers.length > 3); // captions of many layers would meet
    facts.places[layer?.name ?? facts.inputName] = spots.map(({ x, y }) => [x, y]);
    names.forEach((name, i) => places.set(name, spots[i]));
  }
  for (const edge of $$(".edge", figure)) drawEdge(edge, places);
  const spots = [...places.values()];
  const top = Math.min(...spots.map(({ y, radius }) => y - radius - 34)) - 34;
  const bottom = Math.max(...spots.map(({ y, radius, labels }) => y + radius + (labels ? 18 : 4)), 44) + 24;
  const picture = $("svg", figure);
  const [left, , width] = picture.getAttribute("viewBox").split(" ");
  picture.setAttribute("viewBox", `${left} ${rounded(top)} ${width} ${rounded(bottom - top)}`);
  for (const column of columns) setNumbers($(".caption", column), { y: top + 14 });
}

/** The units of a layer at their places; the others go. */
function drawColumn(column, layer, spots, crowd) {
  $(".caption", column).textContent = crowd ? layer.name : `${layer.name}: ${layer.activation}`.slice(0, 22);
  $$(".unit", column).forEach((unit, i) => {
    if (!spots[i]) return unit.remove();
    const { x, y, radius, labels } = spots[i];
    for (const circle of $$("circle", unit)) setNumbers(circle, { cy: y, r: radius });
    setNumbers($(".map", unit), { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius });
    setNumbers($(".value", unit), { y });
    $(".value", unit)?.classList.toggle("small", radius < 18);
    if (labels) unit.after(shape("text", { class: "label", x: rounded(x), y: rounded(y + radius + 13) }, layer.units[i]));
  });
}

/** A connection between two units, or a bias with its knob; it goes with its unit. */
function drawEdge(edge, places) {
  const skips = edge.classList.contains("skips");
  const { from, to } = ends.get(edge.dataset.weight);
  const [source, target] = [from, to].map((name) => places.get(name));
  if (!target || (from && !source)) return edge.remove();
  if (skips) return;
  const knob = $(".knob", edge);
  const stop = knob ? [target.x - 0.284 * target.radius, target.y - 0.909 * target.radius] : [target.x - target.radius, target.y];
  const length = Math.max(9, Math.min(19, target.radius));
  const start = knob ? [stop[0] - 0.55 * length, stop[1] - 0.75 * length] : [source.x + source.radius, source.y];
  const path = `M${start.map(rounded).join()}L${stop.map(rounded).join()}`;
  for (const line of $$("path", edge)) line.setAttribute("d", path);
  if (knob) setNumbers(knob, { cx: start[0], cy: start[1] });
  const [x, y] = knob ? [start[0], start[1] - 6] : [0, 1].map((k) => stop[k] + 0.62 * (start[k] - stop[k]));
  setNumbers($("text", edge), { x, y });
}

const ends = new Map(); // of each connection of the picture: its units

/** The picture of a network, from that with the most units. */
function pictureOf(network, facts) {
  const { lines, facts: widest } = carried.deep.pictures[network.sizes.length];
  const part = document.createElement("template");
  part.innerHTML = expanded(lines).map((place) => lineOf(carried.lines[place])).join("\n");
  for (const { units, inputs, symbol } of widest.blocks) {
    for (const to of units) for (const from of inputs.length ? inputs : [null]) ends.set(from === null ? `${symbol}_${to}` : `w_${to}_${from}`, { from, to });
  }
  const figure = part.content.firstElementChild;
  resize(figure, facts);
  return figure;
}
