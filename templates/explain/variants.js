// The network that the page shows: that of the spec, or a variant that nngen wrote from it.

const turn = ++turns;

/** A positive number from a text; the other number if it is none. */
function positive(text, other) {
  const value = Number(text);
  return text && Number.isFinite(value) && value > 0 ? value : other;
}

/** A setting of the address: the key of a network, a learning rate and the strength of its penalty, or those of the spec. */
function settingOf(key, rate, strength) {
  return { key: isAllowed(key ?? "") ? key : carried.own, rate: positive(rate, carried.rate), strength: positive(strength, carried.deep.strength) };
}

/** The part of the page that shows a network, as the page of its spec has it. In place of the rate stands another number. */
function partOf(key) {
  const whole = carried.networks[key];
  const network = networkOf(key);
  const part = document.createElement("template");
  const places = whole ? expanded(whole.lines) : linesIn(carried.deep.networks[sketchOf(network)]);
  part.innerHTML = places.map((place) => lineOf(carried.lines[place])).join("\n");
  if (whole) return part.content;
  renumber(part.content, network);
  $("#picture", part.content).replaceWith(pictureOf(network, factsOf(key)));
  return part.content;
}

const madeFacts = new Map(); // the facts of networks that the page has made

/** What the script knows of a network. */
function factsOf(key) {
  if (carried.networks[key]) return carried.networks[key].facts;
  const network = networkOf(key);
  if (!madeFacts.has(key)) madeFacts.set(key, shrunk(carried.deep.pictures[network.sizes.length].facts, network));
  return madeFacts.get(key);
}

/** A line: its form, with its numbers in the places of the zeros. */
function lineOf(line) {
  const [form, ...numbers] = line.split(" ");
  return carried.forms[form].replace(/0/g, () => numbers.shift());
}

/** What a reader calls a network. */
function called({ key, rate, strength }, seed) {
  const { activation, sizes, penalty } = networkOf(key);
  const values = { activation, units: sizes.join("-"), rate: written(rate) + (penalty && `, ${penalty.toUpperCase()} ${written(strength)}`), seed };
  return sizes.length
    ? say("hidden: {units} {activation}, rate {rate}, seed {seed}", values)
    : say("no hidden layer, rate {rate}, seed {seed}", values);
}

/** Import the code of a network. A reader may change the learning rate of one that has variants, and the strength of a penalty. */
function ran(text) {
  if (!carried) return imported(text);
  const live = Object.entries(carried.standIns).reduce((made, [name, standIn]) => made.replaceAll(standIn, `$set.${name}`), text);
  return imported(`export const $set = { rate: ${carried.rate}, strength: ${carried.deep.strength} };\n${live}`);
}

const setting = carried && settingOf(link.get("net"), link.get("rate"), link.get("strength"));
const fresh = carried && partOf(setting.key);
const facts = { ...loaded, ...(carried && factsOf(setting.key)), data: structuredClone(loaded.data) };
if (setting && setting.key !== carried.own) facts.parameters = null;
const ids = facts.ids ?? []; // the first inputs, if they select rows of embeddings
