// The outputs as a surface over two inputs, or as a curve over one.

const surface = $("#surface");
const board = $("canvas", surface);
const FINE = 60; // points of the plane in each direction
const COARSE = 30; // while the page trains
const small = document.createElement("canvas");

/** Draw less often while the page trains, if it takes longer than the milliseconds of a frame that it may have. */
function rarely(room, draw) {
  let [cost, waited] = [0, 0];
  return () => {
    if (training && ++waited * room < cost) return;
    const start = performance.now();
    draw();
    [cost, waited] = [performance.now() - start, 0];
  };
}

const drawLearners = rarely(3, () => learners().forEach(drawOutputs));
const drawMapsRarely = rarely(1.5, () => drawMaps());
const drawRowsRarely = rarely(1.5, () => drawRows());

mine.board = board;
const span = facts.inputs.map((_, i) => {
  const values = examples.x.map((x) => x[i]);
  const [least, most] = values.length ? extent(values) : [-1, 1];
  const margin = 0.25 * (most - least || 1);
  return [least - margin, most + margin];
});
const MOST_FIELDS = 12; // inputs of a network with a plane: all but two keep the values of their fields
const planar = facts.inputs.length > 1 && facts.inputs.length <= MOST_FIELDS && !ids.length && (facts.inputs.length === 2 || !facts.form);
const shownInputs = planar && facts.inputs.length > 2 ? mostTelling() : [0, 1]; // the inputs that the plane shows, across and up
let watched = kept.watched ?? 0; // the plotted output

/** The two inputs whose correlation with a target is the largest. */
function mostTelling() {
  const strengths = facts.inputs.map((_, i) => [Math.max(...facts.outputs.map((_, k) => correlation(i, k))), i]);
  return strengths.sort(([one], [other]) => other - one).slice(0, 2).map(([, i]) => i).sort((one, other) => one - other);
}

/** The size of the correlation of an input and a target; 0 if one of them never changes. */
function correlation(i, k) {
  const about = (values) => {
    const centre = values.reduce((sum, one) => sum + one, 0) / values.length;
    return values.map((value) => value - centre);
  };
  const [xs, ys] = [about(examples.x.map((x) => x[i])), about(examples.y.map((y) => y[k]))];
  const sum = (us, vs) => us.reduce((total, u, n) => total + u * vs[n], 0);
  return Math.abs(sum(xs, ys)) / Math.sqrt(sum(xs, xs) * sum(ys, ys)) || 0;
}

function drawCharts() {
  if (ids.length) (drawPoints(), drawRatings());
  else drawLearners();
  if (facts.inputs.length === 2 && !ids.length) drawMapsRarely();
  drawRowsRarely();
  drawSlice();
  drawHistory();
}

/** The outputs over one or two inputs. */
function drawOutputs(learner) {
  if (planar) drawSurface(learner);
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
  const rough = $("#discretize")?.checked;
  const shareOf = (value, i) => (rough ? 0.7 * Math.sign(decides ? lead(outputs[i]) : value - centre) : (strength * (value - centre)) / most);
  values.forEach((value, i) => image.data.set(colour(shareOf(value, i)), 4 * i));
  [small.width, small.height] = [grid, grid];
  small.getContext("2d").putImageData(image, 0, 0);
  context.imageSmoothingEnabled = !rough;
  const map = flat === state.flat ? seenMap() : null;
  context.drawImage(map ?? small, 0, 0, board.width, board.height);
  drawLines(context, themed("--soft"), layers, flat, drawAxes(context));
  if (decides && !map) drawBoundary(context, outputs.map(lead), grid, (x) => lead(module.forward(params, x)));
  const drawn = [examples, ...($("#show-test")?.checked ? [facts.data.test] : [])];
  for (const some of drawn) some.x.slice(0, 400).forEach((x, i) => dot(context, x, some.y[i][watched] > centre, some !== examples));
  ring(context, state.x);
  board.setAttribute("role", "img");
  board.setAttribute(
    "aria-label",
    say("Output {output} over {across} and {up}; at the corners {corners}", {
      ...{ output: facts.outputs[watched], across: facts.inputs[shownInputs[0]], up: facts.inputs[shownInputs[1]] },
      corners: [0, grid - 1, grid * (grid - 1), grid * grid - 1].map((i) => written(values[i])).join(", "),
    }),
  );
}

const colours = new Map(); // of each theme, by the names of its variables

/** A colour of the theme. */
function themed(name) {
  const key = [name, wall.theme, wall.present].join();
  if (!colours.has(key)) colours.set(key, getComputedStyle(document.documentElement).getPropertyValue(name));
  return colours.get(key);
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

/** The place of an example on the canvas. */
function onBoard(x) {
  const [across, up] = shownInputs;
  return [place(x[across], span[across], board.width), board.height - place(x[up], span[up], board.height)];
}

/** Draw an example: a circle, or a square if it is held out. */
function dot(context, x, yes, held = false) {
  const [left, top] = onBoard(x);
  const [ink, paper] = [themed("--ink"), themed("--paper")];
  context.beginPath();
  const size = examples.x.length > 120 ? 5.5 : 8;
  if (held) context.rect(left - size, top - size, 2 * size, 2 * size);
  else context.arc(left, top, size, 0, 2 * Math.PI);
  context.fillStyle = yes ? ink : paper;
  context.strokeStyle = yes ? paper : ink;
  context.lineWidth = 2.4;
  context.fill();
  context.stroke();
}

function ring(context, x) {
  context.beginPath();
  context.arc(...onBoard(x), 14, 0, 2 * Math.PI);
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

/** A list of names in the caption of the plane; the chosen one has this number. */
function listIn(label, names, chosen, change) {
  const select = document.createElement("select");
  select.setAttribute("aria-label", label);
  names.forEach((name, i) => select.add(new Option(name, i)));
  select.value = chosen;
  select.addEventListener("change", () => {
    change(Number(select.value));
    drawCharts();
  });
  return select;
}

/** Show another input across or up the plane. If it is the other one, they change places. */
function turnAxis(k, input) {
  if (shownInputs[1 - k] === input) shownInputs[1 - k] = shownInputs[k];
  shownInputs[k] = input;
  $$("figcaption select", surface).slice(-2).forEach((select, i) => (select.value = shownInputs[i]));
}

const drawnLines = facts.layers.length > 1 && facts.layers[0].units.length <= 8 && facts.layers[0].sources.length === 1;

if (planar || (facts.inputs.length === 1 && !ids.length)) {
  const caption = $("figcaption", surface);
  const half = decides ? written(middle) : "0";
  const held = facts.inputs.length > 2;
  const colours = held ? say("blue: the output is above {half}, orange: below", { half }) : say("{across} →, {up} ↑; blue: the output is above {half}, orange: below", { across: facts.inputs[0], up: facts.inputs[1], half });
  caption.textContent = planar
    ? colours +
      (decides ? say("; line: here the answer changes; full points: target 1") : "") +
      (drawnLines ? say("; dashed: z of a unit is 0") : "") +
      (held ? say("; the other inputs keep the values of the current example") : "")
    : say("over {input}; line: the output, points: targets", { input: facts.inputs[0] });
  if (held) {
    const choices = [say("the input across"), say("the input upward")].map((label, k) => listIn(label, facts.inputs, shownInputs[k], (i) => turnAxis(k, i)));
    caption.prepend(choices[0], " → ", choices[1], " ↑ ", document.createElement("br"));
  }
  if (facts.outputs.length > 1) caption.prepend(listIn(say("the plotted output"), facts.outputs, watched, (i) => (watched = i)), " ");
  if (!facts.form) pointable(board); // else the form has the row
  if (planar) tellAt(board);
}

/** Say beside a plane what is under the pointer: the inputs and, unless it is hidden, the output. */
function tellAt(canvas, isHidden = () => false) {
  tellUnder(canvas, (event) => {
    const box = canvas.getBoundingClientRect();
    const x = pointAt((event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height);
    const values = shownInputs.map((i) => [facts.inputs[i], x[i]]);
    if (!isHidden()) values.push([facts.outputs[watched], trainer.forward(trainer.unpack(state.flat), x)[watched]]);
    return values.map(([name, value]) => `${name} = ${short(value)}`).join(", ");
  });
}

/** Let the pointer choose the inputs on a canvas. */
function pointable(canvas) {
  const move = (event) => {
    const box = canvas.getBoundingClientRect();
    const shares = [(event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height];
    shownInputs.slice(0, facts.inputs.length).forEach((i, k) => {
      const [low, high] = span[i];
      state.x[i] = Number((low + Math.min(1, Math.max(0, shares[k])) * (high - low)).toFixed(3));
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
