// The settings of the network, and a second network beside it, trained on the same examples in the same order.

const fieldsOf = (prefix) => ({
  units: $(`#${prefix}units`),
  more: $(`#${prefix}more-units`), // of further layers
  activation: $(`#${prefix}activation`),
  rate: $(`#${prefix}rate`),
  penalty: $(`#${prefix}penalty`),
  strength: $(`#${prefix}strength`),
  fewer: $(`#${prefix}fewer`),
  add: $(`#${prefix}add`),
});
const myFields = fieldsOf("");
const otherFields = fieldsOf("other-");
const otherSeed = $("#other-seed");
const compareButton = $("#compare");

/** Write a setting into its fields. */
function showSetting(fields, chosen) {
  const { activation, sizes, penalty } = networkOf(chosen.key);
  fields.units.value = sizes[0] ?? 0;
  const further = sizes.slice(1);
  const selects = further.map((_, k) => fields.more.children[k] ?? sizeField(fields, k + 2));
  fields.more.replaceChildren(...selects);
  further.forEach((size, k) => (selects[k].value = size));
  fields.activation.disabled = !sizes.length;
  if (activation) fields.activation.value = activation;
  fields.rate.value = String(chosen.rate);
  fields.penalty.value = penalty;
  fields.strength.value = String(chosen.strength);
  fields.strength.parentElement.hidden = !penalty;
  fields.fewer.disabled = !sizes.length;
  fields.add.disabled = sizes.length > LAST;
}

const LAST = carried ? Math.max(...Object.keys(carried.deep.pictures)) - 1 : 0; // the most hidden layers that can get one more

/** A list for the number of units of a hidden layer. */
function sizeField(fields, layer) {
  const select = document.createElement("select");
  select.id = `${fields.units.id}-${layer}`;
  select.setAttribute("aria-label", say("units of hidden layer {layer}", { layer }));
  for (let size = 1; size <= carried.deep.widest; size++) select.add(new Option(size, size));
  select.addEventListener("change", () => fields.units.dispatchEvent(new Event("change")));
  return select;
}

/** The sizes of the hidden layers in the fields. */
const sizesIn = ({ units, more }) => (units.value === "0" ? [] : [units, ...more.children].map((field) => Number(field.value)));

/** The setting of the fields; null if the rate is none, or nngen refuses the network. */
function chosenIn(fields, sizes = sizesIn(fields)) {
  const { activation, rate, penalty, strength } = fields;
  const key = keyOf({ activation: activation.value, sizes, penalty: penalty.value });
  const chosen = { key, rate: positive(rate.value, null), strength: positive(strength.value, null) };
  rate.setAttribute("aria-invalid", String(chosen.rate === null));
  strength.setAttribute("aria-invalid", String(chosen.strength === null));
  if (chosen.rate === null) report(say("A learning rate is a number above 0."));
  else if (chosen.strength === null) report(say("The strength of a penalty is a number above 0."));
  else if (!isAllowed(key)) report(say("The spec allows no such network."));
  else return chosen;
  return null;
}

/** Show another network in place of this one, with these parameters or those of the seed. Training goes on. */
function become({ key, rate, strength }, { flat = null, seed = seeded(seedField), beside = other, blocks = null } = {}) {
  const was = training;
  interrupt();
  stopWalk();
  const made = linked();
  for (const [name, value] of Object.entries({ net: key, rate, strength, seed })) made.set(name, value);
  if (flat) made.set("w", flat.join(","));
  else made.delete("w");
  noteBeside(made, beside);
  clearTimeout(noting);
  keep(made);
  return showNetwork(made, {
    beside,
    blocks,
    training: was,
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
  if (link.has("w")) report(say("The weights stay as they were."));
  else if (keptBlocks) report(say("Layers whose shape stays keep their weights; the others have new ones with the seed {seed}.", { seed: seedField.value }));
  else report(say("New weights with the seed {seed}.", { seed: seedField.value }));
  const thing = $$("main [data-name]").find((one) => one.dataset.name === kept.held);
  if (thing) hold(thing);
  if (kept.training && !trainButton.disabled) trainButton.click();
}

/** The blocks of parameters by their names and ends, with their numbers. */
const blocksOf = (flat) => facts.blocks.map(({ name, units, inputs, start }) => [[name, units, inputs].join(" "), flat.slice(start, start + units.length * Math.max(1, inputs.length)), start]);

let keptBlocks = 0; // of the network before, in another one

/** The parameters, with the blocks of the network before that have the same ends. */
function withBlocks(flat) {
  const before = new Map(kept.blocks);
  const made = [...flat];
  for (const [name, now, start] of blocksOf(flat)) {
    if (!before.has(name) || before.get(name).length !== now.length) continue;
    made.splice(start, now.length, ...before.get(name));
    if (before.get(name).some((value, i) => value !== now[i])) keptBlocks++;
  }
  return made;
}

/** What the address says of a network beside the page's. */
const asText = ({ key, rate, strength }, seed) => [key, rate, seed, ...(networkOf(key).penalty ? [strength] : [])].join(",");

/** Add the networks to a state. */
function noteNetworks(state) {
  if (setting.key !== carried.own) state.set("net", setting.key);
  if (setting.rate !== carried.rate) state.set("rate", setting.rate);
  if (networkOf(setting.key).penalty) state.set("strength", setting.strength);
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
  Object.assign(module.$set, { rate: chosen.rate, strength: chosen.strength });
  const learner = new Learner(module, factsOf(chosen.key).layers, module.pack(module.init(seed)));
  return Object.assign(learner, { setting: chosen, seed, says: () => called(chosen, seed), board: $("canvas", otherFigure) });
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

/** The network that the comparison begins with: one more hidden unit in the first layer. */
function nextTo(key) {
  const { activation, sizes, penalty } = networkOf(key);
  const larger = sizes.length ? [Math.min(carried.deep.widest, sizes[0] + 1), ...sizes.slice(1)] : [2];
  const made = keyOf({ activation: activation || carried.deep.activations[0], sizes: larger, penalty });
  return isAllowed(made) ? made : key;
}

/** Take the network beside the page's from the page before, or from the address. */
async function restoreOther() {
  if (kept.beside === null || !link.has("b")) return;
  if (kept.beside) {
    const { setting: chosen, seed } = kept.beside;
    showSetting(otherFields, chosen);
    otherSeed.value = seed;
    kept.beside.forget();
    return compareWith(Object.assign(kept.beside, { says: () => called(chosen, seed), board: $("canvas", otherFigure) }));
  }
  const [key, rate, seed, strength] = link.get("b").split(",");
  const network = await networkAnew(settingOf(key, rate, strength), Number(seed) >>> 0);
  network.flat = numbersOf("bw", network.flat.length) ?? network.flat;
  compareWith(network);
}

/** Take the fields of the page's network. */
function changeMine(sizes) {
  const chosen = chosenIn(myFields, sizes);
  if (!chosen) return showSetting(myFields, setting);
  if (chosen.key !== setting.key) {
    const same = JSON.stringify(factsOf(chosen.key).blocks) === JSON.stringify(facts.blocks);
    return become(chosen, same ? { flat: state.flat } : { blocks: blocksOf(state.flat) });
  }
  const rated = chosen.rate !== setting.rate;
  take(chosen);
  compute();
  draw();
  report(rated ? say("The learning rate is {rate} from now on.", { rate: written(chosen.rate) }) : say("The strength of the penalty is {strength} from now on.", { strength: written(chosen.strength) }));
}

const changeOther = (sizes) => compareAnew(chosenIn(otherFields, sizes));

if (carried) {
  mine.says = () => called(setting, seeded(seedField));
  const { widest, activations, penalties } = carried.deep;
  const own = networkOf(carried.own).sizes[0] ?? 0;
  for (const [fields, change] of [[myFields, changeMine], [otherFields, changeOther]]) {
    for (let count = 0; count <= widest; count++) fields.units.add(new Option(count || say("none"), count));
    if (own > widest) fields.units.add(new Option(own, own));
    for (const name of activations) fields.activation.add(new Option(name, name));
    fields.penalty.add(new Option(say("none"), ""));
    for (const name of penalties) fields.penalty.add(new Option(name.toUpperCase(), name));
    fields.penalty.parentElement.hidden = !penalties.length;
    for (const name of ["units", "activation", "rate", "penalty", "strength"]) fields[name].addEventListener("change", () => change());
    fields.fewer.addEventListener("click", () => change(sizesIn(fields).slice(0, -1)));
    fields.add.addEventListener("click", () => change([...sizesIn(fields), sizesIn(fields).at(-1) ?? 2]));
  }
  showSetting(myFields, setting);
  otherSeed.addEventListener("change", () => changeOther());
  compareButton.addEventListener("click", () => {
    if (other) {
      interrupt();
      compareWith(null);
      draw();
      return;
    }
    otherSeed.value = seedField.value;
    compareAnew({ ...setting, key: nextTo(setting.key) });
  });
  $("#swap").addEventListener("click", () => {
    const beside = Object.assign(new Learner(trainer, facts.layers, state.flat), { setting, seed: seeded(seedField) });
    become(other.setting, { ...other, beside });
  });
  pointable($("canvas", otherFigure));
  if (setting.key !== carried.own) {
    const note = $("#variant");
    note.hidden = false;
    note.textContent = say("A variant of {name} with other hidden layers. nngen wrote its equations and its code, too.", { name: facts.name });
  }
}
