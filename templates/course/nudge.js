// Nudge: move one weight by a little, and see what changes on the way to the loss, beside what the derivative says.

let heldWeight = null; // its name, its value, and by how much it is moved

/** All that a weight has an effect on: connections and units. */
function nudged() {
  if (!look.nudge || !heldWeight) return null;
  const start = connectionOf.get(heldWeight.name).to;
  const units = new Set([start]);
  for (const column of drawnColumns) {
    for (const { name } of column) if (drawnEdges.some((edge) => edge.to === name && units.has(edge.from))) units.add(name);
  }
  const edges = drawnEdges.filter((edge) => edge.name === heldWeight.name || units.has(edge.from)).map((edge) => edge.name);
  return { units, edges: new Set(edges) };
}

/** All values that are computed now, by name. */
function snapshot() {
  const names = [...parameters, ...statements];
  return Object.fromEntries(names.map((name) => [name, valueOf(name)]));
}

/** A connection to take hold of. */
function grip(edge, path) {
  const made = shape("path", { class: "grip", d: path, tabindex: 0, role: "button", "aria-pressed": String(heldWeight?.name === edge.name), "aria-label": say("the weight from {from} to {to}", edge) });
  const take = () => {
    letGo();
    takeWeight(edge.name);
    $(".grip[aria-pressed=true]", net)?.focus();
  };
  made.addEventListener("click", take);
  made.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    take();
  });
  return made;
}

/** Set the held weight back to its value. */
function letGo() {
  if (heldWeight) state.flat[parameters.indexOf(heldWeight.name)] = heldWeight.value;
  heldWeight = null;
}

/** Take hold of a weight, and note all values. */
function takeWeight(name) {
  compute();
  before = snapshot();
  heldWeight = { name, value: valueOf(name), slope: valueOf(`d${name}`), by: 0 };
  moveWeight(0);
}

function moveWeight(by) {
  heldWeight.by = by;
  state.flat[parameters.indexOf(heldWeight.name)] = heldWeight.value + by;
  compute();
  drawNudge();
  drawNet();
}

const NUDGES = 10; // steps of 0.01 in each direction

/** The slider, and two bars: what the derivative says, and what the loss does. */
function nudgeTools() {
  const box = element("div", { class: "nudge" });
  box.innerHTML = `<label><span></span> <input type="range" min="${-NUDGES}" max="${NUDGES}" step="1" value="0"> <output></output></label><div class="bars"></div>`;
  $("input", box).addEventListener("input", (event) => moveWeight(Number(event.target.value) / 100));
  return box;
}

function drawNudge() {
  const box = $(".nudge");
  if (!box) return;
  const { name, slope, by } = heldWeight;
  $("label span", box).textContent = name;
  $("input", box).value = String(Math.round(by * 100));
  $("output", box).textContent = signed(by, 2);
  const [said, real] = [slope * by, valueOf("loss") - before.loss];
  const most = Math.abs(slope) * 0.11 || 1;
  const lines = [
    [say("derivative × nudge = {slope} × {by}", { slope: brisk(slope), by: brisk(by) }), said],
    [say("what the loss really does"), real],
  ];
  $(".bars", box).replaceChildren(...lines.flatMap(([text, value]) => barOf(text, value, most)));
}

/** A text, a bar from the middle to the side of its sign, and the number. */
function barOf(text, value, most) {
  const long = Math.min(50, (Math.abs(value) / most) * 50);
  const bar = shape("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" });
  bar.append(shape("path", { class: "axis-line", d: "M50,0V10" }), shape("rect", { class: `badge ${signOf(value)}`, x: value < 0 ? 50 - long : 50, y: 1, width: long, height: 8 }));
  return [element("span", {}, text), bar, element("b", {}, signed(value))];
}
