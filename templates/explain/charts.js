// The loss curve; the outputs as a surface over two inputs or a curve over one; the examples in a table.

const surface = $("#surface");
const board = $("canvas", surface);
const curve = $("#curve svg");
const table = $("#table");
const FINE = 60; // points of the plane in each direction
const COARSE = 36; // while the page trains

/** A network in training: its module, its parameters, and its losses by epoch. */
class Learner {
  board = null; // the canvas of its outputs
  run = null; // the running training: a generator of the module's `fit`
  history = []; // the mean loss during each epoch
  heldOut = []; // the mean loss of held-out examples after some of the epochs
  mistakes = []; // of a perceptron: the examples that are not right after each epoch

  constructor(module, layers, flat) {
    Object.assign(this, { module, layers, flat });
  }

  forget() {
    this.history.length = this.heldOut.length = this.mistakes.length = 0;
  }
}

/** The network of the page. */
const mine = new (class extends Learner {
  get flat() {
    return state.flat;
  }
  set flat(flat) {
    state.flat = flat;
  }
})(trainer, facts.layers, state.flat);
mine.board = board;
let other = null; // the network beside it
const learners = () => (other ? [mine, other] : [mine]);
const span = facts.inputs.map((_, i) => {
  const values = examples.x.map((x) => x[i]);
  const [least, most] = values.length ? extent(values) : [-1, 1];
  const margin = 0.25 * (most - least || 1);
  return [least - margin, most + margin];
});
let watched = kept.watched ?? 0; // the plotted output

const middle = (1 + facts.negative_target) / 2;
/** Whether every target is one of two values, so that an answer is right or wrong. */
const decides =
  examples.y.length > 0 && [...examples.y].every((y) => y.every((value) => value === 1 || value === facts.negative_target));
const oneOfMany = decides && facts.outputs.length > 1 && examples.y.every((y) => y.filter((v) => v === 1).length === 1);

const largest = (values) => values.indexOf(Math.max(...values));

const BAND = 0.01 * (1 - facts.negative_target); // closer answers are the same to a reader, and rounding decides them

/** Whether an answer is right, wrong or undecided. Of exclusive classes, the largest output is the answer. */
function judge(outputs, y) {
  const lead = oneOfMany
    ? [outputs[largest(y)] - Math.max(...outputs.filter((_, i) => i !== largest(y)))]
    : outputs.map((a, i) => (y[i] > middle ? a - middle : middle - a));
  if (lead.some((by) => !(by >= -BAND))) return "wrong";
  return lead.some((by) => by <= BAND) ? "undecided" : "right";
}

const JUDGED = { right: say("right"), wrong: say("wrong"), undecided: say("undecided") };
const MARKS = { right: "✓", wrong: "✗", undecided: "?" };

/** The numbers of right, wrong and undecided answers among some examples. */
function score(some, network = mine) {
  const params = network.module.unpack(network.flat);
  const count = { right: 0, wrong: 0, undecided: 0 };
  some.x.forEach((x, i) => count[judge(network.module.forward(params, x), some.y[i])]++);
  return count;
}

function drawCharts() {
  if (ids.length) (drawPoints(), drawRatings());
  else for (const learner of learners()) drawOutputs(learner);
  if (facts.inputs.length === 2 && !ids.length) drawMaps();
  drawTable();
  drawSlice();
}

/** The outputs over one or two inputs. */
function drawOutputs(learner) {
  if (facts.inputs.length === 2) drawSurface(learner);
  if (facts.inputs.length === 1) drawCurveOfOne(learner);
}

function place(value, [low, high], size) {
  return ((value - low) / (high - low)) * size;
}

function drawSurface({ module, layers, flat, board, fine = FINE, strength = 0.9 }) {
  surface.hidden = false;
  if (!board.offsetParent) return; // a lesson hides it
  const grid = training ? COARSE : fine;
  const params = module.unpack(flat);
  const context = board.getContext("2d");
  const image = context.createImageData(grid, grid);
  const outputs = [];
  for (let row = 0; row < grid; row++) {
    for (let column = 0; column < grid; column++) {
      const x = pointAt((column + 0.5) / grid, 1 - (row + 0.5) / grid);
      outputs.push(module.forward(params, x));
    }
  }
  const values = outputs.map((all) => all[watched]);
  const centre = decides ? middle : 0;
  const most = decides ? 1 - centre : Math.max(1e-9, ...values.map((value) => Math.abs(value - centre)));
  values.forEach((value, i) => image.data.set(colour((strength * (value - centre)) / most), 4 * i));
  const small = document.createElement("canvas");
  [small.width, small.height] = [grid, grid];
  small.getContext("2d").putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(small, 0, 0, board.width, board.height);
  drawLines(context, themed("--soft"), layers, flat);
  if (decides) drawBoundary(context, outputs.map(lead), grid, (x) => lead(module.forward(params, x)));
  examples.x.slice(0, 400).forEach((x, i) => dot(context, x, examples.y[i][watched] > centre));
  ring(context, state.x);
  board.setAttribute("role", "img");
  board.setAttribute(
    "aria-label",
    say("Output {output} over {across} and {up}; at the corners {corners}", {
      ...{ output: facts.outputs[watched], across: facts.inputs[0], up: facts.inputs[1] },
      corners: [0, grid - 1, grid * (grid - 1), grid * grid - 1].map((i) => written(values[i])).join(", "),
    }),
  );
}

const colours = new Map(); // of the theme, by the names of its variables

/** A colour of the theme. */
function themed(name) {
  if (!colours.has(name)) colours.set(name, getComputedStyle(document.documentElement).getPropertyValue(name));
  return colours.get(name);
}

/** By how much the plotted output decides: over the middle, or of exclusive classes over the largest other output. */
function lead(outputs) {
  if (!oneOfMany) return outputs[watched] - middle;
  return outputs[watched] - Math.max(...outputs.filter((_, i) => i !== watched));
}

const ROUNDING = 1e-9; // of outputs that are the same
const HALVINGS = 6; // of the side of a cell, to a fraction of a pixel

/** The line where the answer changes, between neighbouring points of the grid. */
function drawBoundary(context, leads, grid, leadAt) {
  const yes = (spot) => leadAt(pointAt(spot[0] / grid, 1 - spot[1] / grid)) > 0;
  const between = (from, to) => [0, 1].map((k) => (from[k] + to[k]) / 2);
  const cell = board.width / grid;
  context.strokeStyle = themed("--ink");
  context.lineWidth = 2.4;
  context.beginPath();
  for (let row = 0; row < grid - 1; row++) {
    for (let column = 0; column < grid - 1; column++) {
      const at = (r, c) => leads[r * grid + c];
      const corners = [at(row, column), at(row, column + 1), at(row + 1, column + 1), at(row + 1, column)];
      if (corners.every((value) => Math.abs(value) < ROUNDING)) continue; // the output is the same everywhere
      const spots = [[0, 0], [1, 0], [1, 1], [0, 1]];
      const cuts = [];
      corners.forEach((value, i) => {
        const other = corners[(i + 1) % 4];
        if (value > 0 === other > 0) return;
        let [from, to] = [spots[i], spots[(i + 1) % 4]].map(([right, down]) => [column + 0.5 + right, row + 0.5 + down]);
        for (let n = 0; n < HALVINGS; n++) {
          const half = between(from, to); // the output of a step does not say how far the line is
          if (yes(half) === value > 0) from = half;
          else to = half;
        }
        cuts.push(between(from, to));
      });
      for (let i = 0; i + 1 < cuts.length; i += 2) {
        context.moveTo(cuts[i][0] * cell, cuts[i][1] * cell);
        context.lineTo(cuts[i + 1][0] * cell, cuts[i + 1][1] * cell);
      }
    }
  }
  context.stroke();
}

function dot(context, x, yes) {
  const [left, top] = [place(x[0], span[0], board.width), board.height - place(x[1], span[1], board.height)];
  const [ink, paper] = [themed("--ink"), themed("--paper")];
  context.beginPath();
  context.arc(left, top, 8, 0, 2 * Math.PI);
  context.fillStyle = yes ? ink : paper;
  context.strokeStyle = yes ? paper : ink;
  context.lineWidth = 2.4;
  context.fill();
  context.stroke();
}

function ring(context, x) {
  context.beginPath();
  context.arc(place(x[0], span[0], board.width), board.height - place(x[1], span[1], board.height), 14, 0, 2 * Math.PI);
  context.strokeStyle = themed("--ink");
  context.lineWidth = 3;
  context.stroke();
}

/** The outputs over one input as a curve, and the examples as points. */
function drawCurveOfOne({ module, flat, board }) {
  surface.hidden = false;
  if (!board.offsetParent) return; // a lesson hides it
  const params = module.unpack(flat);
  const context = board.getContext("2d");
  const xs = Array.from({ length: 121 }, (_, i) => span[0][0] + (i / 120) * (span[0][1] - span[0][0]));
  const values = xs.map((x) => module.forward(params, [x])[watched]);
  const seen = [...values, ...examples.y.map((y) => y[watched])].filter(Number.isFinite);
  const [least, most] = extent(seen);
  const tall = [least - 0.1 * (most - least || 1), most + 0.1 * (most - least || 1)];
  context.clearRect(0, 0, board.width, board.height);
  const at = (x, y) => [place(x, span[0], board.width), board.height - place(y, tall, board.height)];
  context.fillStyle = themed("--soft");
  examples.x.forEach((x, i) => {
    context.beginPath();
    context.arc(...at(x[0], examples.y[i][watched]), examples.x.length > 20 ? 3 : 6, 0, 2 * Math.PI);
    context.fill();
  });
  context.strokeStyle = themed("--pos");
  context.lineWidth = 4;
  context.beginPath();
  xs.forEach((x, i) => context.lineTo(...at(x, values[i])));
  context.stroke();
  context.beginPath();
  context.arc(...at(state.x[0], module.forward(params, state.x)[watched]), 11, 0, 2 * Math.PI);
  context.strokeStyle = themed("--ink");
  context.stroke();
  board.setAttribute("role", "img");
  const said = { output: facts.outputs[watched], input: facts.inputs[0], first: written(values[0]), last: written(values.at(-1)) };
  board.setAttribute("aria-label", say("Output {output} over {input}, from {first} to {last}", said));
}

if (facts.inputs.length <= 2 && !ids.length) {
  const caption = $("figcaption", surface);
  const half = decides ? written(middle) : "0";
  caption.textContent =
    facts.inputs.length === 2
      ? say("{across} →, {up} ↑; blue: the output is above {half}, orange: below", { across: facts.inputs[0], up: facts.inputs[1], half }) +
        (decides ? say("; line: here the answer changes; full points: target 1") : "") +
        (facts.layers.length > 1 && facts.layers[0].units.length <= 8 ? say("; dashed: z of a unit is 0") : "")
      : say("over {input}; line: the output, points: targets", { input: facts.inputs[0] });
  if (facts.outputs.length > 1) {
    const select = document.createElement("select");
    select.setAttribute("aria-label", say("the plotted output"));
    facts.outputs.forEach((name, i) => select.add(new Option(name, i)));
    select.value = watched;
    select.addEventListener("change", () => {
      watched = Number(select.value);
      drawCharts();
    });
    caption.prepend(select, " ");
  }
  if (!facts.form) pointable(board); // else the form has the row
}

/** Let the pointer choose the inputs on a canvas. */
function pointable(canvas) {
  const move = (event) => {
    const box = canvas.getBoundingClientRect();
    const shares = [(event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height];
    facts.inputs.forEach((_, i) => {
      const [low, high] = span[i];
      state.x[i] = Number((low + Math.min(1, Math.max(0, shares[i])) * (high - low)).toFixed(3));
    });
    changed(true);
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    move(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.buttons) move(event);
  });
}

/** The loss by epoch; of a perceptron the mistakes, since its loss may be 0 for a wrong answer. Of many epochs, only some are drawn. */
function drawHistory() {
  curve.replaceChildren();
  const add = (...parts) => curve.append(shape(...parts));
  const [left, right, top, bottom] = [4, 296, 16, 100];
  curve.classList.toggle("empty", !mine.history.length);
  curve.setAttribute("viewBox", mine.history.length ? "0 0 300 120" : "0 80 300 40"); // without a curve, only its caption
  add("line", { x1: left, x2: right, y1: bottom, y2: bottom });
  const { history, heldOut } = mine;
  if (!history.length) {
    add("text", { x: left, y: bottom - 8 }, facts.perceptron ? say("Train to see the mistakes after each epoch here.") : say("Train to see the mean loss during each epoch here."));
    return;
  }
  const drawn = (learner) => (facts.perceptron ? learner.mistakes : learner.history);
  const all = learners().flatMap((learner) => [...drawn(learner), ...learner.heldOut]);
  const most = Math.max(extent(all.filter(Number.isFinite))[1], 1e-12);
  const longest = Math.max(...learners().map((learner) => learner.history.length));
  const every = Math.max(1, Math.ceil(longest / 400));
  const end = other ? right - 14 : right; // room for the letters of two curves
  const at = (value, i) => [left + (i / Math.max(1, longest - 1)) * (end - left), bottom - (Math.max(0, value) / most) * (bottom - top)];
  const path = (values, sparse) =>
    values
      .map((value, i) => [i, value])
      .filter(([i, value]) => (i % every === 0 || i === values.length - 1 || sparse) && Number.isFinite(value))
      .map(([i, value]) => at(value, i).map((side) => side.toFixed(1)).join(","))
      .join("L");
  learners().forEach((learner, i) => {
    const kind = i ? "other" : "mine";
    add("path", { class: kind, d: `M${path(drawn(learner))}` });
    if (learner.heldOut.length) add("path", { class: `held ${kind}`, d: `M${path(learner.heldOut, true)}` });
  });
  curve.dataset.exact = String(history.at(-1));
  if (other) drawLetters((learner) => at(drawn(learner).at(-1), drawn(learner).length - 1));
  if (most > 1e-12) add("text", { x: left, y: 11 }, written(most));
  const last = { epoch: history.length, value: written(drawn(mine).at(-1)) };
  add(
    "text",
    { x: left, y: 115 },
    facts.perceptron ? say("mistakes after epoch {epoch}: {value}", last) : say("mean loss during epoch {epoch}: {value}", last),
  );
  if (heldOut.length) {
    add("text", { x: right, y: 11, class: "end" }, other ? say("dashed: held out") : say("dashed, held out: {loss}", { loss: written(heldOut.at(-1)) }));
  }
  const label = say("{count} epochs, from {first} to {last}", { count: history.length, first: written(drawn(mine)[0]), last: written(drawn(mine).at(-1)) });
  curve.setAttribute("aria-label", other ? `A: ${label}; B: ${written(drawn(other).at(-1))}` : label);
}

const few = examples.x.length > 0 && examples.x.length <= 8 && facts.inputs.length <= 4 && facts.outputs.length <= 3 && !ids.length && !facts.form;

/** A few examples with the current outputs. */
function drawTable() {
  table.hidden = !few || examples.x.some((x, i) => x !== own.x[i]);
  if (table.hidden) return;
  const params = live.unpack(state.flat);
  examples.x.forEach((x, i) => {
    const outputs = live.forward(params, x);
    const row = table.querySelectorAll("tbody tr")[i];
    facts.outputs.forEach((_, k) => {
      const cell = $(`[data-output="${k}"]`, row);
      cell.textContent = written(outputs[k]);
      cell.dataset.exact = String(outputs[k]);
    });
    if (decides) {
      const found = judge(outputs, examples.y[i]);
      const cell = $(".verdict", row);
      [cell.textContent, cell.title] = [MARKS[found], JUDGED[found]];
    }
    row.setAttribute("aria-current", String(state.example === i));
  });
}

if (few) {
  const made = document.createElement("table");
  const cell = (row, kind, text, extra = {}) => {
    const one = document.createElement(kind);
    one.textContent = text;
    Object.assign(one.dataset, extra);
    row.append(one);
    return one;
  };
  const head = made.createTHead().insertRow();
  const heads = [...facts.inputs, ...facts.outputs.map((name) => `${say("target")} ${name}`), ...facts.outputs];
  for (const text of heads) cell(head, "th", text).scope = "col";
  if (decides) cell(head, "td", "");
  const body = made.createTBody();
  examples.x.forEach((x, i) => {
    const row = body.insertRow();
    [...x, ...examples.y[i]].forEach((value) => cell(row, "td", written(value)));
    facts.outputs.forEach((_, k) => cell(row, "td", "", { output: k }));
    if (decides) cell(row, "td", "").className = "verdict";
    row.addEventListener("click", () => choose(i));
  });
  table.append(made);
  table.tabIndex = 0;
  table.setAttribute("role", "group");
  table.setAttribute("aria-label", say("Examples"));
}
