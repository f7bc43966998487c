// Updates the picture after a change of numbers.

const edges = $$(".edge").map((element) => ({
  element,
  name: element.dataset.weight,
  line: $(".line", element),
  text: $("text", element),
}));
const units = $$(".unit:not(.loss)").map((element) => ({
  element,
  place: Number(element.dataset.place),
  unit: Number(element.dataset.unit),
  text: $(".value", element),
}));
const targets = $$(".target");

/** The shown value of a unit: an input or an activation. */
function activation(place, unit) {
  return place === 0 ? state.x[unit] : ofUnit("a", facts.layers[place - 1], unit);
}

/** The width of a connection, in proportion to its weight. */
function thickness(weight, largest) {
  return 0.5 + (6 * Math.abs(weight)) / Math.max(largest, 1e-9);
}

/** The values that the picture shows: activations and weights, or δ and the derivatives with respect to the weights. */
const VIEWS = {
  values: { edge: (name) => valueOf(name), unit: activation, says: (text) => text },
  slopes: {
    edge: (name) => (parameters.includes(name) ? valueOf(`d${name}`) : undefined),
    unit: (place, unit) => (place === 0 ? undefined : delta(facts.layers[place - 1], unit)),
    says: (what) => say("the derivative of the loss with respect to {what}", { what }),
  },
};

/** δ of a unit; before it is known, what the unit has received. */
function delta(layer, unit) {
  return ofUnit("dz", layer, unit) ?? ofUnit("da", layer, unit);
}

/** Whether δ of a unit is known. */
const known = (place, unit) => place > 0 && ofUnit("dz", facts.layers[place - 1], unit) !== undefined;

const SMALLEST = 10.5; // pixels of a label on the screen
const WALL = 29.4; // on a wall
const LABEL = 11; // units of the drawing
const GROWTH = 1.6; // more, and labels would meet
const WALL_GROWTH = 2;

/** Let the labels of a picture that is drawn smaller stay readable. */
function fitLabels() {
  const scale = svg.clientWidth && Math.min(svg.clientWidth / svg.viewBox.baseVal.width, svg.clientHeight / svg.viewBox.baseVal.height);
  const [least, most] = wall.present ? [WALL, WALL_GROWTH] : [SMALLEST, GROWTH];
  svg.style.setProperty("--grow", Math.min(most, Math.max(1, least / LABEL / (scale || 1))).toFixed(2));
}

function drawNetwork() {
  const view = VIEWS[state.view];
  const back = state.view === "slopes";
  svg.classList.toggle("slopes", back);
  const values = edges.map((edge) => view.edge(edge.name));
  const largest = Math.max(back ? 0 : 1, ...values.map(Math.abs).filter(Number.isFinite));
  edges.forEach((edge, i) => {
    const value = values[i];
    const width = `${thickness(Number.isFinite(value) ? value : 0, largest).toFixed(2)}px`;
    edge.line.style.strokeWidth = width;
    edge.element.style.setProperty("--width", width);
    edge.element.classList.toggle("negative", value < 0);
    edge.element.classList.toggle("unknown", value === undefined);
    edge.text.textContent = written(value);
    if (!training) edge.element.setAttribute("aria-label", `${view.says(edge.element.dataset.says)}: ${written(value)}`);
  });
  const most = {};
  for (const { place, unit } of units) {
    most[place] = Math.max(most[place] ?? (back ? 0 : 1), Math.abs(view.unit(place, unit)) || 0);
  }
  for (const { element, place, unit, text } of units) {
    const value = view.unit(place, unit);
    element.classList.toggle("negative", value < 0);
    element.classList.toggle("unknown", value === undefined);
    const isId = place === 0 && unit < ids.length;
    element.style.setProperty("--strength", isId ? 0 : Math.min(0.85, (0.85 * Math.abs(value ?? 0)) / (most[place] || 1)).toFixed(3));
    const shown = isId ? idOf(unit) : short(value, text?.classList.contains("small") ? 1 : 2);
    if (text) text.textContent = back && known(place, unit) ? `δ ${shown}` : isId ? shown.slice(0, 6) : shown;
    element.dataset.exact = String(value);
    element.setAttribute("aria-label", `${back ? say("δ of {name}", { name: element.dataset.says }) : element.dataset.says}: ${shown}`);
  }
  for (const target of targets) {
    const value = valueOf(target.dataset.name);
    const text = `${say("target")} ${Number.isNaN(value) ? "–" : written(value)}`;
    target.textContent = target.dataset.label ? `${target.dataset.label} (${text})` : text;
  }
  const loss = $(".unit.loss");
  if (!loss) return; // a page without the picture
  $(".value", loss).textContent = short(valueOf("loss"));
  loss.setAttribute("aria-label", `${loss.dataset.says}: ${short(valueOf("loss"))}`);
}

/** A number that is short enough for a circle, with some decimals. */
function short(value, decimals = 2) {
  if (value === undefined) return "";
  if (Math.abs(value) < 0.005) return "0";
  const text = written(value);
  if (!Number.isFinite(value) || text.includes("e")) return text.replace(/\.\d+e/, "e");
  const places = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? Math.min(1, decimals) : decimals;
  return String(Number(value.toFixed(places))).replace("-", "−");
}

/** Say beside a drawing what is under the pointer. */
function tellUnder(drawing, text) {
  const told = Object.assign(document.createElement("span"), { className: "under" });
  drawing.after(told);
  drawing.addEventListener("pointermove", (event) => (told.textContent = text(event)));
  drawing.addEventListener("pointerleave", () => (told.textContent = ""));
  return told;
}

/**
 * Say beside a curve what it shows under the pointer, or where the arrow keys lead. Its axis has two ends in the
 * drawing, the numbers there, and as many steps as keys take; `text` gets a number of two decimals.
 */
function tellAlong(curve, axis, text) {
  let share = 1;
  const leave = () => $(".pointed", curve)?.remove();
  const tell = (to) => {
    share = Math.min(1, Math.max(0, to));
    leave();
    const [from, end, low, high] = axis();
    const said = text(Number((low + share * (high - low)).toFixed(2)));
    const x = from + share * (end - from);
    if (said) curve.append(shape("line", { class: "pointed", x1: x, x2: x, y1: 0, y2: curve.viewBox.baseVal.height }));
    curve.setAttribute("aria-valuenow", Math.round(100 * share));
    curve.setAttribute("aria-valuetext", said);
    return said;
  };
  const told = tellUnder(curve, ({ clientX }) => {
    const { a, e } = curve.getScreenCTM();
    const [from, end] = axis();
    return tell(((clientX - e) / a - from) / (end - from));
  });
  curve.addEventListener("pointerleave", leave);
  curve.addEventListener("focus", () => (told.textContent = tell(share)));
  curve.addEventListener("blur", () => (leave(), (told.textContent = "")));
  curve.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, Home: -Infinity, End: Infinity }[event.key];
    if (!by) return;
    event.preventDefault();
    told.textContent = tell(share + by / (axis()[4] ?? 40));
  });
  for (const [name, value] of [["role", "slider"], ["tabindex", 0], ["aria-valuemin", 0], ["aria-valuemax", 100], ["aria-valuenow", 100]]) curve.setAttribute(name, value);
}

/** An element of a drawing. */
function shape(kind, attributes, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", kind);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}
