// The network that the page shows: that of the spec, or a variant that nngen wrote from it.

const turn = ++turns;

/** The activation and the number of hidden units of a network. */
function hiddenOf(key) {
  const [activation, units] = key === "0" ? ["", "0"] : key.split(" ");
  return { activation, units };
}

/** A positive number from a text; the other number if it is none. */
function positive(text, other) {
  const value = Number(text);
  return text && Number.isFinite(value) && value > 0 ? value : other;
}

/** A setting of the address: the key of a network and a learning rate, or those of the spec. */
function settingOf(key, rate) {
  return { key: Object.hasOwn(carried.networks, key) ? key : carried.own, rate: positive(rate, carried.rate) };
}

/** The part of the page that shows a network, as the page of its spec has it. In place of the rate stands another number. */
function partOf(key) {
  const runs = carried.networks[key].lines;
  const text = [];
  for (let i = 0; i < runs.length; i += 2) text.push(...carried.lines.slice(runs[i], runs[i] + runs[i + 1]));
  const part = document.createElement("template");
  part.innerHTML = text.map(lineOf).join("\n");
  return part.content;
}

/** A line: its form, with its numbers in the places of the zeros. */
function lineOf(line) {
  const [form, ...numbers] = line.split(" ");
  return carried.forms[form].replace(/0/g, () => numbers.shift());
}

/** What a reader calls a network. */
function called({ key, rate }, seed) {
  const { activation, units } = hiddenOf(key);
  const values = { activation, units, rate: written(rate), seed };
  return units === "0"
    ? say("no hidden layer, rate {rate}, seed {seed}", values)
    : say("hidden: {units} {activation}, rate {rate}, seed {seed}", values);
}

/** Import the code of a network. A reader may change the learning rate of one that has variants. */
const ran = (text) =>
  imported(carried ? `export const $rate = { now: ${carried.rate} };\n${text.replaceAll(carried.standIn, "$rate.now")}` : text);

const setting = carried && settingOf(link.get("net"), link.get("rate"));
const fresh = carried && partOf(setting.key);
const facts = { ...loaded, ...carried?.networks[setting.key].facts, data: structuredClone(loaded.data) };
if (setting && setting.key !== carried.own) facts.parameters = null;
const ids = facts.ids ?? []; // the first inputs, if they select rows of embeddings
