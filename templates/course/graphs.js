// The loss in pictures: over the answer of the network, and along a single parameter.

/** The loss over all answers that the output could give, at the right of the network. */
function lossShapes(made) {
  const index = parameters.indexOf(biasOf.get(outputUnit.name));
  const answer = valueOf(outputUnit.symbol);
  const loss = valueOf("loss");
  if (index < 0 || answer === undefined) return targetShapes(made);
  const flat = [...state.flat];
  const spots = Array.from({ length: 121 }, (_, i) => (i - 60) / 9).map((by) => {
    flat[index] = state.flat[index] + by;
    const params = trainer.unpack(flat);
    return [trainer.forward(params, state.x)[0], trainer.loss(params, state.x, state.y)];
  });
  const [wide, high] = made.small ? [made.wide * 0.24, made.high * 0.24] : [made.wide * 0.19, made.high * 0.5];
  const [left, top] = made.small ? [made.wide - wide - 4, made.high - high - 22] : [made.wide * 0.79, made.high * 0.22];
  const most = Math.max(1.2, Math.min(3, 1.6 * (loss ?? 1)));
  const x = (value) => left + Math.min(1, Math.max(0, value)) * wide;
  const y = (value) => top + high - (Math.min(value, most) / most) * high;
  const seen = spots.filter(([, value]) => value <= most).map(([a, value]) => `${x(a).toFixed(1)},${y(value).toFixed(1)}`);
  const size = made.label * 0.9;
  const drawn = [shape("path", { class: "axis-line", d: `M${left},${top}V${top + high}H${left + wide}` }), shape("path", { class: "curve-line", d: `M${seen.join("L")}` })];
  for (const end of made.small ? [] : [0, 1]) drawn.push(words({ class: "soft", x: x(end), y: top + high + size * 1.3, "font-size": size }, String(end)));
  drawn.push(words({ class: "soft", x: left + wide / 2, y: top + high + size * 1.3, "font-size": size }, say("{name} says", { name: outputUnit.name })));
  if (loss === undefined) return drawn;
  if (before) drawn.push(shape("circle", { class: "ghost", cx: x(before[outputUnit.symbol]), cy: y(before.loss), r: 8 }));
  drawn.push(shape("path", { class: "dotted", d: `M${x(answer)},${y(loss)}V${top + high}` }), shape("circle", { class: "ball", cx: x(answer), cy: y(loss), r: made.small ? 5 : 8 }));
  const text = say("loss {value}", { value: before ? loss.toFixed(4) : brisk(loss) });
  drawn.push(words({ class: "number halo", x: left + wide / 2, y: top - 8, "font-size": made.label * 1.1 }, text));
  return drawn;
}

const graph = $("#graph");
let graphAxis = [0, 1, 0, 1];
let graphSaid = () => ""; // what it shows at a value
tellAlong(graph, () => graphAxis, (value) => (look.silent ? "" : graphSaid(value)));
const textSize = () => (document.documentElement.dataset.present ? 30 : 15);
let trail = []; // the values that steps have passed
const STEPS = 8; // that the graph draws with another learning rate

/** A range for another learning rate: the graph shows its steps beside those of the network. */
function ratesTools() {
  const range = element("input", { id: "another", type: "range", min: 0.05, max: 1.2, step: 0.05, value: 0.8 });
  range.addEventListener("input", drawGraph);
  return element("label", { class: "another" }, say("another learning rate"), range, element("output"));
}

/** The mean loss of the examples along one parameter, with its slope, and the way that steps have gone. */
function drawGraph() {
  const [wide, high] = [graph.clientWidth || 600, graph.clientHeight || 300];
  const index = parameters.indexOf(look.graph);
  const flat = [...state.flat];
  const lossAt = (value) => {
    flat[index] = value;
    const params = trainer.unpack(flat);
    return examples.x.reduce((sum, x, i) => sum + trainer.loss(params, x, examples.y[i]), 0) / examples.x.length;
  };
  const [low, top] = look.from ?? [-3, 3];
  const spots = Array.from({ length: 121 }, (_, i) => low + ((top - low) * i) / 120).map((value) => [value, lossAt(value)]);
  const most = Math.max(...spots.map(([, loss]) => loss)) * 1.05;
  const size = textSize();
  const [edge, foot] = [wide * 0.12, 2.3 * size];
  const x = (value) => edge + ((value - low) / (top - low)) * (wide - 2 * edge);
  const y = (loss) => high - foot - (Math.min(loss, most) / most) * (high - foot - 16);
  const now = state.flat[index];
  const drawn = [
    shape("path", { class: "axis-line", d: `M${edge},16V${high - foot}H${wide - edge}` }),
    shape("path", { class: "curve-line", d: `M${spots.map(([value, loss]) => `${x(value).toFixed(1)},${y(loss).toFixed(1)}`).join("L")}` }),
    ...[low, 0, top].map((value) => words({ class: "soft", x: x(value), y: high - foot + 1.5 * size, "font-size": size }, written(value))),
    words({ class: "soft", x: wide / 2, y: high - foot + 1.5 * size, "font-size": size }, look.graph),
    ...[1, 2].map((n) => n * Number((most / 3).toPrecision(1))).map((loss) => words({ class: "soft", x: edge * 0.6, y: y(loss) + size / 3, "font-size": size }, brisk(loss))),
    words({ class: "soft", x: edge * 0.6, y: 16 + size, "font-size": size }, say("loss")),
  ];
  const inside = (value) => value >= low && value <= top;
  const slopeAt = (value) => (lossAt(value + 1e-5) - lossAt(value - 1e-5)) / 2e-5;
  const drawWay = (way, whose) => way.slice(0, -1).forEach((from, i) => {
    if (!inside(from)) return;
    const to = Math.min(top, Math.max(low, way[i + 1]));
    drawn.push(shape("path", { class: `hop ${whose}`, d: `M${x(from)},${y(lossAt(from))}L${x(to)},${y(lossAt(to))}` }), shape("circle", { class: `ghost ${whose}`, cx: x(from), cy: y(lossAt(from)), r: 6 }));
  });
  const another = $("#another");
  if (another) {
    const way = [trail[0] ?? now];
    for (let i = 0; i < STEPS; i++) way.push(way[i] - Number(another.value) * slopeAt(way[i]));
    drawWay(way, "other");
    const values = { rate: another.value, count: STEPS, name: look.graph, value: brisk(way[STEPS]), loss: brisk(lossAt(way[STEPS])) };
    another.nextElementSibling.textContent = say("{rate}: after {count} steps {name} = {value}, loss {loss}", values);
  }
  drawWay([...trail, now], "");
  if (inside(now)) {
    const width = (top - low) * 0.12;
    const slope = slopeAt(now);
    const here = lossAt(now);
    if (look.tangent) drawn.push(shape("path", { class: "tangent-line", d: `M${x(now - width)},${y(here - slope * width)}L${x(now + width)},${y(here + slope * width)}` }));
    drawn.push(shape("circle", { class: "ball", cx: x(now), cy: y(here), r: 9 }));
  }
  graphAxis = [x(low), x(top), low, top];
  graphSaid = (value) => `${look.graph} = ${written(value)}, ${say("loss {value}", { value: brisk(lossAt(value)) })}`;
  graph.setAttribute("viewBox", `0 0 ${wide} ${high}`);
  graph.replaceChildren(...drawn);
  graph.tabIndex = look.silent ? -1 : 0;
  graph.setAttribute("aria-label", look.silent ? say("The loss along {name}", { name: look.graph }) : say("The loss along {name}, now at {value}", { name: look.graph, value: brisk(now) }));
}

// Activations side by side, each with its value and its slope at one place.

const CURVES = {
  squared: { name: "(a − 1)²", from: [0, 1], f: (a) => (a - 1) ** 2, slope: (a) => 2 * (a - 1), reach: [-0.2, 4] },
  log: { name: "−log a", from: [0, 1], f: (a) => -Math.log(Math.max(a, 0.01)), slope: (a) => -1 / a, reach: [-0.2, 4] },
  double: { name: "u = 2x", from: [-2, 2], f: (x) => 2 * x, slope: () => 2, reach: [-4.3, 4.3] },
  step: { f: (z) => Number(z > 0), slope: (z) => (z === 0 ? null : 0), reach: [-1.2, 1.2] },
  sigmoid: { f: (z) => 1 / (1 + Math.exp(-z)), slope: (z, a) => a * (1 - a), reach: [-1.2, 1.2] },
  tanh: { f: Math.tanh, slope: (z, a) => 1 - a * a, reach: [-1.2, 1.2] },
  relu: { f: (z) => Math.max(0, z), slope: (z) => (z === 0 ? null : Number(z > 0)), reach: [-4.3, 4.3] },
};
const [WIDE, HIGH] = [240, 170];

/** The ends of an axis in whole numbers, without 0. */
const wholeEnds = ([low, high]) => [Math.ceil(low), Math.floor(high)].filter((value) => value);

/** What a curve shows at a place. */
function curveSaid(name, z) {
  const { f, slope, name: title = name } = CURVES[name];
  const s = slope(z, f(z));
  return say("{name}: value {value}, slope {slope}", { name: title, value: written(f(z)), slope: s === null ? say("none: here is a corner or a jump") : written(s) });
}

/** Draw a curve with its value and slope at a place; of a chain also what becomes of a nudge there, which it returns. */
function drawCurve(figure, name, z, nudge) {
  const { f, slope, reach, from = [-4, 4], name: title = name } = CURVES[name];
  const across = (at) => ((at - from[0]) / (from[1] - from[0])) * WIDE;
  const down = (a) => HIGH - ((a - reach[0]) / (reach[1] - reach[0])) * HIGH;
  const path = Array.from({ length: 161 }, (_, i) => from[0] + (i / 160) * (from[1] - from[0]));
  const [a, s] = [f(z), slope(z, f(z))];
  const tangent = s === null || figure.dataset.mute ? [] : [z - 1, z + 1].map((at) => `${across(at)},${down(a + s * (at - z))}`);
  const below = Math.min(HIGH - 4, down(0) + 20);
  const beside = across(0) + (across(0) < 20 ? 14 : -17);
  $("svg", figure).replaceChildren(
    shape("path", { class: "axis-line", d: `M0,${down(0)}H${WIDE}M${across(0)},0V${HIGH}` }),
    ...wholeEnds(from).map((at) => shape("text", { class: "soft", x: Math.max(12, Math.min(WIDE - 8, across(at))), y: below }, written(at))),
    shape("text", { class: "soft", x: 0.75 * WIDE, y: below }, figure.dataset.of),
    ...wholeEnds(reach).map((at) => shape("text", { class: "soft", x: beside, y: Math.max(14, down(at) + 4) }, written(at))),
    shape("path", { class: "curve-line", d: `M${path.map((at) => `${across(at).toFixed(1)},${down(f(at)).toFixed(1)}`).join("L")}` }),
    ...(tangent.length ? [shape("path", { class: "tangent-line", d: `M${tangent.join("L")}` })] : []),
    shape("circle", { class: "ball", cx: across(z), cy: down(a), r: 6 }),
  );
  const further = f(z + nudge) - a;
  const moved = nudge ? ` · ${written(nudge)} → ${written(Number(further.toPrecision(2)))}` : "";
  $("figcaption", figure).textContent = figure.dataset.mute ? title : curveSaid(name, z) + moved;
  return [a, further];
}

for (const figure of $$("[data-curves]")) {
  const names = figure.dataset.curves.split(" ");
  const drawings = names.map((name, i) => {
    const of = (figure.dataset.chain && CURVES[names[i - 1]]?.name?.split(" ")[0]) || figure.dataset.of;
    const drawing = shape("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, "aria-label": CURVES[name].name ?? name });
    const made = element("figure", { "data-of": of }, drawing, element("figcaption"));
    if (figure.dataset.mute) [made.dataset.mute, drawing.ariaHidden] = ["true", "true"];
    else tellAlong(drawing, () => [0, WIDE, ...(CURVES[name].from ?? [-4, 4])], (value) => `${of} = ${written(value)}. ${curveSaid(name, value)}`);
    return made;
  });
  const range = $("input", figure);
  const update = () => {
    const start = [Number(range.value), Number(figure.dataset.chain ?? 0)]; // in a chain, a curve begins where the last one ends
    names.reduce((at, name, i) => (figure.dataset.chain ? drawCurve(drawings[i], name, ...at) : (drawCurve(drawings[i], name, ...start), start)), start);
  };
  figure.prepend(...drawings);
  range.addEventListener("input", update);
  update();
}
