// The walk: equation by equation, forward and backward, with a sentence and a picture of what flows.

const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const MILLISECONDS = { slow: 1400, even: 350, fast: 0 }; // per equation
const LONGEST = 20_000; // of a walk, in milliseconds
const forwardEnd = statements.lastIndexOf("loss", firstDerivative()) + 1;
let walk = null; // the walk under way: its button, its goal and its timer

/** The first statement of the backward pass. */
function firstDerivative() {
  const first = rows.findIndex((row) => /^(delta|gradient)/.test(row.dataset.kind));
  return first < 0 ? statements.length : first;
}

/** The unit, or the layer, that a name such as `da_h1` belongs to. */
const owners = new Map();
for (const layer of facts.layers) {
  for (const symbol of ["z", "a", "da", "dz"]) {
    owners.set(`${symbol}_${layer.name}`, { symbol, layer, name: layer.name });
    layer.units.forEach((name, unit) => owners.set(`${symbol}_${name}`, { symbol, layer, name, unit }));
  }
}

const MOST_NAMED = 3; // terms that a sentence names

function listed(terms) {
  const rest = terms.length - MOST_NAMED;
  return terms.slice(0, MOST_NAMED).join(", ") + (rest > 0 ? say(", and {rest} more", { rest }) : "");
}

/** A sentence about the statement of a row, with its numbers. */
function sentence(row) {
  const { name, kind } = row.dataset;
  const number = (of) => written(valueOf(of));
  if (kind === "loss") return say("The loss compares what the network says, {outputs}, with the target, {targets}: {value}.", { outputs: listed(state.outputs.map(written)), targets: listed(state.y.map(written)), value: number(name) });
  const joined = (ids.length && sentenceOfRow(name, kind)) || sentenceOfKind(owners.get(name), kind);
  if (joined) return joined;
  const weight = connectionOf.get(name.slice(1));
  if (kind === "gradient" && weight) {
    const { from, to } = weight;
    const values = { from, to, delta: number(`dz_${to}`), value: from && number(valueName(from)), slope: number(name) };
    return from
      ? say("How the loss changes with the weight from {from} to {to}: δ of {to} times the value of {from}, {delta} × {value} = {slope}.", values)
      : say("How the loss changes with the bias of {to}: δ of {to}, {delta}, since its input is always 1.", values);
  }
  const owner = owners.get(name);
  if (!owner) return "";
  return owner.unit === undefined ? sentenceOfLayer(owner, kind) : sentenceOfUnit(owner, kind, number);
}

/** What a layer without weights of its own does, forward or backward; empty for dense layers. */
function sentenceOfKind(owner, kind) {
  if (!owner) return "";
  const { symbol, layer } = owner;
  if (symbol === "z" && kind === layer.kind) {
    const [first] = layer.joins;
    const id = ids.length && facts.inputs.includes(first) ? idOf(facts.inputs.indexOf(first)) : "";
    return say(facts.kinds[kind].step, { name: layer.name, sources: layer.joins.join(", "), id });
  }
  if (symbol !== "da" || layer === facts.layers.at(-1)) return "";
  const [after, more] = facts.layers.filter((other) => other.joins?.includes(layer.name));
  if (!after || more || facts.layers.some((other) => other.sources.some((source) => source.name === layer.name))) return "";
  const others = after.joins.filter((other) => other !== layer.name).join(", ");
  return say(facts.kinds[after.kind].back, { name: layer.name, after: after.name, others });
}

function sentenceOfUnit({ symbol, layer, name, unit }, kind, number) {
  const output = layer === facts.layers.at(-1);
  if (kind === "sum") {
    const terms = incoming(layer, unit).map(({ from, weight }) =>
      say("{weight} × {value} from {from}", { weight: number(weight), value: number(valueName(from)), from }));
    const bias = layer.biases === null ? "" : say(", and its bias {bias}", { bias: written(state.flat[layer.biases + unit]) });
    return say("{name} receives {terms}: {value} in all.", { name, terms: listed(terms) + bias, value: number(`z_${name}`) });
  }
  if (symbol === "a") return say("{name} applies {activation}: {z} becomes {a}.", { name, activation: layer.activation, z: number(`z_${name}`), a: number(`a_${name}`) });
  if (symbol === "da" && output) return say("How the loss changes with the output of {name}: {value}.", { name, value: number(`da_${name}`) });
  if (symbol === "da") {
    const terms = outgoing(layer, unit).map(({ to, weight }) =>
      say("{delta} × {weight} from {to}", { delta: number(`dz_${to}`), weight: number(weight), to }));
    return say("Backward, {name} receives {terms}: {value} in all.", { name, terms: listed(terms), value: number(`da_${name}`) });
  }
  if (symbol === "dz" && origin.has(`da_${name}`)) {
    return say("δ of {name}: what it received, {received}, times the slope of {activation} at {z}, is {value}.", { name, received: number(`da_${name}`), activation: layer.activation, z: number(`z_${name}`), value: number(`dz_${name}`) });
  }
  return symbol === "dz" ? say("δ of {name}, how the loss changes with its weighted sum: {value}.", { name, value: number(`dz_${name}`) }) : "";
}

function sentenceOfLayer({ symbol, layer, name }, kind) {
  const sources = layer.sources.map((source) => source.name).join(", ");
  const takes = (other) => [...other.sources.map((source) => source.name), ...(other.joins ?? [])].includes(name);
  const targets = facts.layers.filter(takes).map((other) => other.name).join(", ");
  const values = { name, sources, targets, activation: layer.activation };
  if (kind === "sum") return say("Each unit of {name} receives values from {sources}, each times its weight.", values);
  if (symbol === "a") return say("Each unit of {name} applies {activation}.", values);
  if (symbol === "da" && targets) return say("Backward, each unit of {name} receives δ from {targets}, each times its weight.", values);
  if (symbol === "dz" && origin.has(`da_${name}`)) return say("δ of {name}: what each unit received, times the slope of {activation}.", values);
  return "";
}

/** The places of the parameters that a step speaks of: the first ones that it moves. */
const spokenOf = (slopes) => [...slopes.keys()].sort((one, other) => Boolean(slopes[other]) - Boolean(slopes[one])).slice(0, MOST_NAMED);

/** What a step does to parameters, from these values with these slopes to others: a sentence for each of the first ones. */
function changesSaid(was, slopes, now) {
  const said = spokenOf(slopes).map((i) => {
    const [value, rate] = [was[i], setting?.rate ?? facts.rate];
    const { from, to } = connectionOf.get(parameters[i]) ?? {};
    const name = from ? say("The weight from {from} to {to}", { from, to }) : to ? say("The bias of {to}", { to }) : parameters[i];
    const values = { name, was: written(value), slope: written(slopes[i]), factor: bracketed(written(slopes[i])), rate: written(rate), now: written(now[i]) };
    return Math.abs(value - rate * slopes[i] - now[i]) < 1e-9
      ? say("{name} was {was}. Its derivative is {slope}, the learning rate {rate}: {was} − {rate} × {factor} = {now}.", values)
      : say("{name} was {was}. Its derivative is {slope}, and it becomes {now}.", values);
  });
  const rest = was.length - MOST_NAMED;
  return rest > 0 ? [...said, say("And so for the other {rest}.", { rest })] : said;
}

/** The weights that lead to a unit, each with its source. */
function incoming(layer, unit) {
  return layer.sources.flatMap((source) => unitsOf(source.name).map((from) => ({ from, weight: `w_${layer.units[unit]}_${from}` })));
}

/** The weights that lead away from a unit, each with its target. */
function outgoing(layer, unit) {
  const fed = facts.layers.filter((other) => other.sources.some((source) => source.name === layer.name));
  return fed.flatMap((other) => other.units.map((to) => ({ to, weight: `w_${to}_${layer.units[unit]}` })));
}

const unitsOf = (name) => (name === facts.inputName ? facts.inputs.slice(ids.length) : layerOf(name).units);
const valueName = (unit) => (facts.inputs.includes(unit) ? unit : `a_${unit}`);

/** Show what is computed up to a statement, and explain the last one. */
function showUpTo(count) {
  state.shown = count;
  state.view = count > forwardEnd ? "slopes" : "values";
  drawFlow();
  for (const row of $$(".row.now")) row.classList.remove("now");
  const row = rows[count - 1];
  if (!row) return;
  row.classList.add("now");
  light(row);
  describe(row);
  sendAlong(row);
  report(`${row.dataset.name} = ${$("canvas", row)?.title ?? inNumbers(origin.get(row.dataset.name)())}`, sentence(row));
}

/** Move a dot along each connection that the equation of a row uses: backward for a derivative. */
function sendAlong(row) {
  for (const dot of $$(".pulse", svg)) dot.remove();
  if (calm || !["sum", "delta-hidden"].includes(row.dataset.kind)) return;
  const used = new Set($$(".equation [data-name]", row).map((element) => element.dataset.name));
  for (const { element, name, line } of edges) {
    if (!used.has(name) || element.classList.contains("bias")) continue;
    const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    dot.setAttribute("class", row.dataset.kind === "sum" ? "pulse" : "pulse back");
    dot.setAttribute("r", 4.5);
    dot.style.offsetPath = `path("${line.getAttribute("d")}")`;
    dot.addEventListener("animationend", () => dot.remove());
    element.append(dot);
  }
}

/** Walk from the current statement to another. The button of the walk pauses it. */
function walkTo(goal, button) {
  walk = { goal, button, label: button.textContent, timer: 0 };
  button.textContent = say("Pause");
  const wait = Math.min(MILLISECONDS[$("#pace").value], LONGEST / Math.max(1, goal - state.shown));
  const advance = () => {
    showUpTo(calm || wait < 16 ? goal : Math.min(goal, state.shown + 1));
    if (state.shown < goal) walk.timer = setTimeout(advance, wait);
    else {
      stopWalk();
      report(goal < statements.length ? `${lossSaid()} ${say("Next is the backward pass.")}` : told());
    }
  };
  advance();
}

function told() {
  return `${lossSaid()} ${say("All derivatives are known. Step updates the weights with them.")}`;
}

function stopWalk() {
  if (!walk) return;
  clearTimeout(walk.timer);
  walk.button.textContent = walk.label;
  walk = null;
}

/** Leave the walk: everything is computed, and the picture shows values. */
function leaveWalk() {
  stopWalk();
  for (const row of $$(".row.now")) row.classList.remove("now");
  [state.shown, state.view] = [statements.length, "values"];
}

for (const [id, from, goal] of [
  ["#forward", () => 0, forwardEnd],
  ["#backward", () => forwardEnd, statements.length],
]) {
  $(id).addEventListener("click", (event) => {
    if (unrated() && id === "#backward") return report(lossSaid());
    const pausing = walk?.button === event.currentTarget;
    stopWalk();
    if (pausing) return;
    interrupt();
    const paused = state.shown > from() && state.shown < goal;
    if (!paused) state.shown = from();
    compute();
    walkTo(goal, event.currentTarget);
  });
}

/** One statement forth or back. */
function advance(by) {
  stopWalk();
  const count = state.shown + by;
  showUpTo(count < 1 ? statements.length : count > statements.length ? 1 : count);
}
$("#next").addEventListener("click", () => advance(1));
$("#last").addEventListener("click", () => advance(-1));

for (const [id, view] of [["#as-values", "values"], ["#as-slopes", "slopes"]]) {
  $(id)?.addEventListener("click", () => {
    state.view = view;
    drawFlow();
  });
}

/** Draw what a walk changes. */
function drawFlow() {
  drawNetwork();
  drawValues();
  for (const [id, view] of [["#as-values", "values"], ["#as-slopes", "slopes"]]) {
    $(id)?.setAttribute("aria-pressed", String(state.view === view));
  }
}

// The arrow keys walk where no other element uses them; the space bar pauses.
document.addEventListener("keydown", (event) => {
  if ($("#workbench")?.hidden) return; // a lesson has not come to it
  if (event.target.closest("input, select, summary, [tabindex]") || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === " " && walk && !event.target.closest("button")) walk.button.click();
  else if (event.key === "ArrowRight") advance(1);
  else if (event.key === "ArrowLeft") advance(-1);
  else return;
  event.preventDefault();
}, until);
