// Other data for networks of two inputs and one yes-or-no answer, other shares of test data, and the state of the page in its address.

const own = { x: [...examples.x], y: [...examples.y], test: facts.data?.test }; // the examples of the spec
const dataChoice = $("#data");
const seedField = $("#seed");
const seeded = (field) => Number(field.value) >>> 0;
const plane = facts.inputs.length === 2 && facts.outputs.length === 1 && decides && !ids.length && !facts.scales.some(Boolean) && !facts.form && charted;
const COUNT = 90; // generated examples
const POOLED = 20; // examples that a reader may divide anew
const pool = { x: [...own.x, ...(own.test?.x ?? [])], y: [...own.y, ...(own.test?.y ?? [])] };
const noiseField = $("#noise");
const shareField = $("#share");
const batchField = $("#batch");
const ownShare = (own.test?.x.length ?? 0) / (pool.x.length || 1);
let divided = false; // whether the reader has divided the examples of the spec anew

/** Points of two classes in the square from −1 to 1, as [x1, x2, class]. */
const SHAPES = {
  gauss: (random, i) => {
    const spread = () => 0.28 * (random() + random() + random() - 1.5); // nearly normal
    return [...[spread(), spread()].map((by) => (i % 2 ? 0.45 : -0.45) + by), i % 2];
  },
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

/** Examples divided at random, the same share of each class, into those of training and those that are held out. */
function divide({ x, y }, share, random) {
  const order = x.map((_, i) => [random(), i]).sort(([one], [other]) => one - other).map(([, i]) => i);
  const groups = new Map();
  for (const i of order) {
    const key = decides ? y[i].join() : "";
    groups.set(key, [...(groups.get(key) ?? []), i]);
  }
  const held = new Set([...groups.values()].flatMap((some) => some.slice(0, Math.round(some.length * share))));
  const [train, test] = [false, true].map((of) => {
    const some = x.map((_, i) => i).filter((i) => held.has(i) === of);
    return { x: some.map((i) => x[i]), y: some.map((i) => y[i]) };
  });
  return { ...train, test };
}

/** The examples of a data set, with the noise and the share of test data that are set. */
function dataOf(name) {
  const none = { x: [], y: [], test: { x: [], y: [] } };
  const share = divided ? Number(shareField.value) / 100 : 1 / 3;
  if (name === "points") return none;
  const [random, noisy] = [seeded(seedField), seeded(seedField) + 7919].map(randomOf);
  if (name === "spec") return divided ? divide(pool, share, random) : own;
  const points = Array.from({ length: COUNT }, (_, i) => SHAPES[name](random, i));
  const moved = (side) => Math.max(-1.15, Math.min(1.15, side + (Number(noiseField.value) / 100) * (2 * noisy() - 1)));
  const made = { x: points.map(([x1, x2]) => pointAt(0.5 + moved(x1) / 2.4, 0.5 + moved(x2) / 2.4)), y: points.map(([, , answer]) => [answer ? 1 : facts.negative_target]) };
  return divide(made, share, random);
}

/** Use the examples of a data set from now on. */
function useData(name) {
  interrupt();
  for (const learner of learners()) learner.forget();
  takeExamples(dataOf(name));
  drawSettings();
  if (examples.x.length) choose(0);
  else draw();
  report(name === "points" ? say("Click on the plane: each click adds an example with the target that is set.") : "");
}

/** Make a change. A network in training goes on with it. */
function meanwhile(change) {
  const was = training;
  change();
  if (was && !training && !trainButton.disabled) trainButton.click();
}

/** Show the settings that the data have. */
function drawSettings() {
  const name = plane ? dataChoice.value : "spec";
  $("#noise-choice").hidden = name === "spec" || name === "points";
  $("#share-choice").hidden = name === "points" || (name === "spec" && (pool.x.length < POOLED || Boolean(facts.data?.weights) || facts.form || ids.length > 0));
  for (const field of [noiseField, shareField]) field.nextElementSibling.textContent = `${field.value} %`;
  for (const box of $$("#show-test, #discretize")) box.parentElement.hidden = !planar || (box.id === "show-test" && !facts.data?.test.x.length);
}

/** The examples of a step: a number, or null for all of them. */
function batchSize() {
  const size = Math.floor(positive(batchField.value, 0));
  return size >= 1 ? size : null;
}

shareField.value = Math.round(100 * (ownShare || 1 / 3));
for (const field of [noiseField, shareField]) {
  field.addEventListener("input", () => {
    divided ||= field === shareField;
    meanwhile(() => useData(plane ? dataChoice.value : "spec"));
  });
}
batchField.addEventListener("change", () =>
  meanwhile(() => {
    interrupt();
    batchField.value = batchSize() ?? "";
    note();
    report(batchSize() ? say("Each step takes {count} examples.", { count: batchSize() }) : say("Each step takes all examples."));
  }),
);
for (const box of $$("#show-test, #discretize")) box.addEventListener("change", drawCharts);

function takeExamples({ x, y, test }) {
  examples.x.splice(0, Infinity, ...x);
  examples.y.splice(0, Infinity, ...y);
  facts.data.test = test;
  trainButton.disabled = !x.length;
  if (charted) listRows();
}

/** Add the current point to the examples. */
function addPoint() {
  examples.x.push([...state.x]);
  examples.y.push([...state.y]);
  interrupt();
  trainButton.disabled = false;
  listRows();
  draw();
  report(say("{count} examples.", { count: examples.x.length }));
}

if (plane) {
  $("#data-choice").hidden = false;
  dataChoice.addEventListener("change", () => meanwhile(() => useData(dataChoice.value)));
  board.addEventListener("click", () => {
    if (dataChoice.value === "points") addPoint();
  });
}

// The address holds the data set, the example and the parameters: a link shows what its author saw.
const LONGEST_LINK = 300; // parameters
let noting = 0;

function note() {
  if (state.flat.length > LONGEST_LINK || facts.form || facts.code) return; // the address of a lesson has its scene
  clearTimeout(noting);
  noting = setTimeout(() => keep(linked()), 300);
}

/** The state of the page as the fragment of its address. */
function linked() {
  const made = new URLSearchParams({ x: state.x.join(","), y: state.y.join(","), w: state.flat.join(",") });
  if (plane && dataChoice.value !== "spec") made.set("data", dataChoice.value);
  if (Number(seedField.value) !== facts.seed) made.set("seed", seedField.value);
  if (Number(noiseField.value)) made.set("noise", noiseField.value);
  if (divided) made.set("share", shareField.value);
  if (batchSize() !== facts.batch) made.set("batch", batchField.value);
  if (carried) noteNetworks(made);
  if (wall.present) [["present", ""], ["scene", at + 1]].forEach(([name, value]) => made.set(name, value));
  return made;
}

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
  takeSettings();
  if (plane && (data in SHAPES || data === "points")) {
    dataChoice.value = data;
    if (kept.examples) takeExamples(kept.examples);
    else useData(data);
  } else if (divided) takeExamples(dataOf("spec"));
  [state.x, state.y] = found;
  state.flat = carried && !link.has("w") ? withBlocks(flat) : flat;
  state.example = kept.example ?? null;
  return true;
}

/** Take the settings of the data and the size of a batch from the address. */
function takeSettings() {
  for (const [name, field] of [["noise", noiseField], ["share", shareField]]) {
    if (/^\d{1,2}$/.test(link.get(name) ?? "")) field.value = link.get(name);
  }
  divided = link.has("share");
  if (link.has("batch")) batchField.value = /^\d{0,6}$/.test(link.get("batch")) ? link.get("batch") : "";
}
