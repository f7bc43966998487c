// Networks that the page can show: that of the spec, and variants that nngen wrote from it.

const carried = JSON.parse($("#variants")?.textContent ?? "null");

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

/** The part of the page that shows a network, as the page of its spec has it. */
function shownBy({ key, rate }) {
  const { lines } = carried.networks[key];
  const text = [];
  for (let i = 0; i < lines.length; i += 2) text.push(...carried.lines.slice(lines[i], lines[i] + lines[i + 1]));
  const literal = Number.isInteger(rate) ? rate.toFixed(1) : String(rate);
  return text.join("\n").replaceAll(carried.standIn, literal);
}

/** What a reader calls a network. */
function called({ key, rate }, seed) {
  const { activation, units } = hiddenOf(key);
  const values = { activation, units, rate: written(rate), seed };
  return units === "0"
    ? say("no hidden layer, rate {rate}, seed {seed}", values)
    : say("hidden: {units} {activation}, rate {rate}, seed {seed}", values);
}

const setting = carried && settingOf(link.get("net"), link.get("rate"));
if (carried && (setting.key !== carried.own || setting.rate !== carried.rate)) {
  $("main").innerHTML = shownBy(setting);
  const trained = setting.key === carried.own ? facts.parameters : null;
  Object.assign(facts, carried.networks[setting.key].facts, { parameters: trained });
}
