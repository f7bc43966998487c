// The settings of the network, and a second network beside it, trained on the same examples in the same order.

const fieldsOf = (prefix) => ({ units: $(`#${prefix}units`), activation: $(`#${prefix}activation`), rate: $(`#${prefix}rate`) });
const myFields = fieldsOf("");
const otherFields = fieldsOf("other-");
const otherSeed = $("#other-seed");
const otherFigure = $("#other-surface");
const compareButton = $("#compare");

/** Write a setting into its fields. */
function showSetting({ units, activation, rate }, chosen) {
  const hidden = hiddenOf(chosen.key);
  units.value = hidden.units;
  activation.disabled = hidden.units === "0";
  if (hidden.activation) activation.value = hidden.activation;
  rate.value = String(chosen.rate);
}

/** The setting of the fields; null if the rate is none, or nngen refuses the network. */
function chosenIn({ units, activation, rate }) {
  const key = units.value === "0" ? "0" : `${activation.value} ${units.value}`;
  const chosen = { key, rate: positive(rate.value, null) };
  const wrong = chosen.rate === null;
  rate.setAttribute("aria-invalid", String(wrong));
  if (wrong) report(say("A learning rate is a number above 0."));
  else if (!Object.hasOwn(carried.networks, key)) report(say("The spec allows no such network."));
  else return chosen;
  return null;
}

/** Show another network in place of this one, with these parameters or those of the seed. */
function become({ key, rate }, { flat = null, seed = seeded(seedField), beside = other } = {}) {
  interrupt();
  stopWalk();
  const made = linked();
  for (const [name, value] of Object.entries({ net: key, rate, seed })) made.set(name, value);
  if (flat) made.set("w", flat.join(","));
  else made.delete("w");
  noteBeside(made, beside);
  clearTimeout(noting);
  keep(made);
  return showNetwork(made, {
    beside,
    watched,
    examples: { x: examples.x, y: examples.y, test: facts.data.test },
    example: state.example,
    view: state.view,
    held: held?.dataset.name,
    pace: $("#pace").value,
    numbers: $("#numbers").checked,
    open: $$("main details").map((details) => details.open),
  });
}

/** Set again what a reader had set and opened. */
function reopen() {
  if (!kept.open) return;
  $("#pace").value = kept.pace;
  $("#numbers").checked = kept.numbers;
  svg.classList.toggle("numbered", kept.numbers);
  $$("main details").forEach((details, i) => (details.open = kept.open[i]));
  report(link.has("w") ? say("The weights stay as they were.") : say("New weights with the seed {seed}.", { seed: seedField.value }));
  const thing = $$("main [data-name]").find((one) => one.dataset.name === kept.held);
  if (thing) hold(thing);
}

/** What the address says of a network beside the page's. */
const asText = ({ key, rate }, seed) => [key, rate, seed].join(",");

/** Add the networks to a state. */
function noteNetworks(state) {
  if (!carried) return;
  if (setting.key !== carried.own) state.set("net", setting.key);
  if (setting.rate !== carried.rate) state.set("rate", setting.rate);
  noteBeside(state, other);
}

function noteBeside(state, learner) {
  if (!learner) return;
  state.set("b", asText(learner.setting, learner.seed));
  state.set("bw", learner.flat.join(","));
}

/** A network with its own module and parameters. Its fields show it at once: they may change while it is made. */
async function networkAnew(chosen, seed) {
  showSetting(otherFields, chosen);
  otherSeed.value = seed;
  const module = await ran(pausing(codeIn(partOf(chosen.key))));
  module.$rate.now = chosen.rate;
  const learner = new Learner(module, carried.networks[chosen.key].facts.layers, module.pack(module.init(seed)));
  return Object.assign(learner, { setting: chosen, seed, board: $("canvas", otherFigure) });
}

/** Put a network beside the page's, or none. */
function compareWith(network) {
  other = network;
  compareButton.setAttribute("aria-pressed", String(Boolean(other)));
  for (const element of [$("#other"), $("#legend"), $("#settings .letter"), $(".name", surface)]) element.hidden = !other;
  otherFigure.hidden = !other || facts.inputs.length > 2;
  $("#charts").classList.toggle("comparing", Boolean(other));
}

let asked = 0; // how often a network was asked for: only the last one counts

/** Compare with the network of the fields. Both start from the weights of their seeds. */
async function compareAnew(chosen) {
  if (!chosen) return;
  const mark = ++asked;
  interrupt();
  const network = await networkAnew(chosen, seeded(otherSeed));
  if (mark !== asked) return;
  interrupt();
  compareWith(network);
  restart();
  report(say("Train trains both networks, from the weights of their seeds, on the same examples in the same order."));
}

/** The network that the comparison begins with: more hidden units. */
function nextTo(key) {
  const { activation, units } = hiddenOf(key);
  const known = Object.keys(carried.networks).map(hiddenOf);
  const same = known.filter((one) => one.activation === (activation || known.find((some) => some.activation)?.activation));
  const larger = same.find((one) => Number(one.units) === Math.max(2, Number(units) + 1)) ?? same[0];
  return larger ? `${larger.activation} ${larger.units}` : key;
}

/** Names, results and the legend of two networks. */
function drawNames() {
  if (!other) return;
  const names = [called(setting, seeded(seedField)), called(other.setting, other.seed)].map((name, i) => `${"AB"[i]}: ${name}`);
  $(".name", surface).textContent = names[0];
  $(".name", otherFigure).textContent = names[1];
  $("figcaption", otherFigure).textContent = decides ? resultOf(other) : "";
  const lines = learners().map((learner, i) => {
    const line = document.createElement("span");
    line.className = i ? "key other" : "key mine";
    line.textContent = names[i] + (learner.history.length ? `: ${written(learner.history.at(-1))}` : "");
    line.dataset.exact = String(learner.history.at(-1));
    return line;
  });
  $("#legend").replaceChildren(...lines);
}

/** The letters of two curves at their ends, one above the other. */
function drawLetters(end) {
  const [a, b] = learners().map(end);
  const gap = Math.max(0, 11 - Math.abs(a[1] - b[1])) / 2;
  const sign = a[1] <= b[1] ? -1 : 1;
  for (const [letter, [x, y], shift] of [["A", a, sign * gap], ["B", b, -sign * gap]]) {
    if (Number.isFinite(y)) curve.append(shape("text", { x: x + 4, y: y + 4 + shift, class: letter === "B" ? "of-other" : "of-mine" }, letter));
  }
}

/** Take the network beside the page's from the page before, or from the address. */
async function restoreOther() {
  if (!carried || kept.beside === null || !link.has("b")) return;
  if (kept.beside) {
    const { setting: chosen, seed } = kept.beside;
    showSetting(otherFields, chosen);
    otherSeed.value = seed;
    kept.beside.forget();
    return compareWith(Object.assign(kept.beside, { board: $("canvas", otherFigure) }));
  }
  const [key, rate, seed] = link.get("b").split(",");
  const network = await networkAnew(settingOf(key, rate), Number(seed) >>> 0);
  network.flat = numbersOf("bw", network.flat.length) ?? network.flat;
  compareWith(network);
}

if (carried) {
  const hidden = Object.keys(carried.networks).map(hiddenOf);
  const units = [...new Set(hidden.map((one) => Number(one.units)))].sort((one, two) => one - two);
  const activations = [...new Set(hidden.map((one) => one.activation))].filter(Boolean);
  for (const fields of [myFields, otherFields]) {
    for (const count of units) fields.units.add(new Option(count || say("none"), count));
    for (const name of activations) fields.activation.add(new Option(name, name));
  }
  showSetting(myFields, setting);
  const shapeOf = (key) => JSON.stringify(carried.networks[key].facts.blocks);
  for (const field of Object.values(myFields)) {
    field.addEventListener("change", () => {
      const chosen = chosenIn(myFields);
      if (!chosen) return showSetting(myFields, setting);
      if (chosen.key !== setting.key) return become(chosen, { flat: shapeOf(chosen.key) === shapeOf(setting.key) ? state.flat : null });
      takeRate(chosen.rate);
      compute();
      draw();
      report(say("The learning rate is {rate} from now on.", { rate: written(chosen.rate) }));
    });
  }
  for (const field of [...Object.values(otherFields), otherSeed]) {
    field.addEventListener("change", () => compareAnew(chosenIn(otherFields)));
  }
  compareButton.addEventListener("click", () => {
    if (other) {
      interrupt();
      compareWith(null);
      draw();
      drawHistory();
      return;
    }
    otherSeed.value = seedField.value;
    compareAnew({ key: nextTo(setting.key), rate: setting.rate });
  });
  $("#swap").addEventListener("click", () => {
    const beside = Object.assign(new Learner(trainer, facts.layers, state.flat), { setting, seed: seeded(seedField) });
    become(other.setting, { ...other, beside });
  });
  pointable($("canvas", otherFigure));
  if (setting.key !== carried.own) {
    const note = $("#variant");
    note.hidden = false;
    note.textContent = say("A variant of {name} with another hidden layer. nngen wrote its equations and its code, too.", { name: facts.name });
  }
}
