// Other data for networks of two inputs and one yes-or-no answer, and the state of the page in its address.

const own = { x: [...examples.x], y: [...examples.y], test: facts.data?.test }; // the examples of the spec
const dataChoice = $("#data");
const plane = facts.inputs.length === 2 && facts.outputs.length === 1 && decides && !ids.length && !facts.scales.some(Boolean) && !facts.form;
const COUNT = 90; // generated examples; every third is held out

/** Points of two classes in the square from −1 to 1, as [x1, x2, class]. */
const SHAPES = {
  clouds: (random, i) => {
    const [left, low] = [i % 2, Math.floor(i / 2) % 2];
    return [...[left, low].map((side) => side - 0.5 + 0.3 * (random() - 0.5 + random() - 0.5)), Number(left !== low)];
  },
  circles: (random, i) => {
    const [angle, radius] = [2 * Math.PI * random(), (i % 2 ? 0.3 : 0.8) + 0.2 * (random() - 0.5)];
    return [radius * Math.cos(angle), radius * Math.sin(angle), i % 2];
  },
  moons: (random, i) => {
    const angle = Math.PI * random();
    const [x1, x2] = i % 2 ? [0.35 + 0.6 * Math.cos(angle), 0.2 - 0.7 * Math.sin(angle)] : [-0.3 + 0.6 * Math.cos(angle), -0.2 + 0.7 * Math.sin(angle)];
    return [x1 + 0.1 * (random() - 0.5), x2 + 0.1 * (random() - 0.5), i % 2];
  },
  spirals: (random, i) => { // of a whole turn
    const turn = random();
    const angle = 2 * Math.PI * turn + (i % 2) * Math.PI;
    return [turn * Math.cos(angle), turn * Math.sin(angle), i % 2];
  },
};

/** Numbers from 0 to 1, the same in each browser (Park and Miller 1988). */
function randomOf(seed) {
  let now = (seed % 2147483646) + 1;
  return () => (now = (now * 48271) % 2147483647) / 2147483647;
}

/** Use the examples of a data set from now on. */
function useData(name) {
  const random = randomOf(seeded($("#seed")));
  const points = SHAPES[name] ? Array.from({ length: COUNT }, (_, i) => SHAPES[name](random, i)) : [];
  const [train, test] = [points.filter((_, i) => i % 3 < 2), points.filter((_, i) => i % 3 === 2)].map((some) => ({
    x: some.map(([x1, x2]) => pointAt(0.5 + x1 / 2.4, 0.5 + x2 / 2.4)),
    y: some.map(([, , answer]) => [answer ? 1 : facts.negative_target]),
  }));
  interrupt();
  for (const learner of learners()) learner.forget();
  takeExamples(name === "spec" ? own : { ...train, test });
  drawHistory();
  if (examples.x.length) choose(0);
  else draw();
  report(name === "points" ? say("Click on the plane: each click adds an example with the target that is set.") : "");
}

function takeExamples({ x, y, test }) {
  examples.x.splice(0, Infinity, ...x);
  examples.y.splice(0, Infinity, ...y);
  facts.data.test = test;
  trainButton.disabled = !x.length;
}

/** Add the current point to the examples. */
function addPoint() {
  examples.x.push([...state.x]);
  examples.y.push([...state.y]);
  interrupt();
  trainButton.disabled = false;
  draw();
  report(say("{count} examples.", { count: examples.x.length }));
}

if (plane) {
  $("#data-choice").hidden = false;
  dataChoice.addEventListener("change", () => useData(dataChoice.value));
  board.addEventListener("click", () => {
    if (dataChoice.value === "points") addPoint();
  });
}

// The address holds the data set, the example and the parameters: a link shows what its author saw.
const LONGEST_LINK = 200; // parameters
let noting = 0;

function note() {
  if (state.flat.length > LONGEST_LINK || facts.form) return;
  clearTimeout(noting);
  noting = setTimeout(() => keep(linked()), 300);
}

/** The state of the page as the fragment of its address. */
function linked() {
  const made = new URLSearchParams({ x: state.x.join(","), y: state.y.join(","), w: state.flat.join(",") });
  if (plane && dataChoice.value !== "spec") made.set("data", dataChoice.value);
  if (Number(seedField.value) !== facts.seed) made.set("seed", seedField.value);
  noteNetworks(made);
  return made;
}

const seedField = $("#seed");
const seeded = (field) => Number(field.value) >>> 0;

/** Numbers of the address, as many as expected; null if they are not. */
function numbersOf(name, count) {
  const found = (link.get(name) ?? "").split(",").map(Number);
  const fits = (value, i) =>
    name === "x" && i < ids.length ? isRow(i, value) : Number.isFinite(value) || (name === "y" && facts.rates);
  return found.length === count && found.every(fits) ? found : null;
}

/** Take the state of the address; false if it does not fit this network. Without parameters, a seed gives them. */
function restore() {
  if (/^\d+$/.test(link.get("seed") ?? "")) seedField.value = link.get("seed");
  const flat = link.has("w") ? numbersOf("w", state.flat.length) : facts.parameters ?? live.pack(live.init(seeded(seedField)));
  const [x, y] = ["x", "y"].map((name) => (link.has(name) ? numbersOf(name, state[name].length) : state[name]));
  const found = [x, y, flat];
  if (found.includes(null)) return false;
  const data = link.get("data");
  if (plane && (data in SHAPES || data === "points")) {
    dataChoice.value = data;
    if (kept.examples) takeExamples(kept.examples);
    else useData(data);
  }
  [state.x, state.y, state.flat] = found;
  state.example = kept.example ?? null;
  return true;
}
