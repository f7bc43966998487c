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

function drawNetwork() {
  const largest = Math.max(1, ...edges.map((edge) => Math.abs(valueOf(edge.name))).filter(Number.isFinite));
  for (const edge of edges) {
    const weight = valueOf(edge.name);
    const width = `${thickness(Number.isFinite(weight) ? weight : 0, largest).toFixed(2)}px`;
    edge.line.style.strokeWidth = width;
    edge.element.style.setProperty("--width", width);
    edge.element.classList.toggle("negative", weight < 0);
    edge.text.textContent = written(weight);
    edge.element.setAttribute("aria-label", `${edge.element.dataset.says}: ${written(weight)}`);
  }
  const most = {};
  for (const { place, unit } of units) {
    most[place] = Math.max(most[place] ?? 1, Math.abs(activation(place, unit)) || 0);
  }
  for (const { element, place, unit, text } of units) {
    const value = activation(place, unit);
    element.classList.toggle("negative", value < 0);
    element.style.setProperty("--strength", Math.min(0.85, (0.85 * Math.abs(value ?? 0)) / most[place]).toFixed(3));
    if (text) text.textContent = short(value);
    element.dataset.exact = String(value);
    element.setAttribute("aria-label", `${element.dataset.says}: ${short(value)}`);
  }
  for (const target of targets) {
    target.textContent = `target ${written(valueOf(target.dataset.name))}`;
  }
  const loss = $(".unit.loss");
  $(".value", loss).textContent = short(valueOf("loss"));
  loss.setAttribute("aria-label", `the loss: ${short(valueOf("loss"))}`);
}

/** A number that is short enough for a circle. */
function short(value) {
  if (value === undefined) return "";
  if (Math.abs(value) < 0.005) return "0";
  const text = written(value);
  if (!Number.isFinite(value) || text.includes("e")) return text.replace(/\.\d+e/, "e");
  const places = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return String(Number(value.toFixed(places))).replace("-", "−");
}
