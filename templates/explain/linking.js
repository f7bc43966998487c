// Pointing at an edge, an equation or a line of code highlights the other two: related elements have the same name.

/** The elements with a name, also those that a lesson has made since. */
const withName = (name, within = document) => $$(`[data-name~="${CSS.escape(name)}"]`, within).filter((one) => !one.closest("[aria-hidden]"));
const svg = $("#picture svg");
const lens = $("#lens");
svg.style.setProperty("--drawn", `${svg.viewBox.baseVal.width}px`);
let held = null;
let looked = null; // the element in the lens

/** The named element around an element of the page; null if there is none. */
function meant(element) {
  const thing = element?.closest?.("[data-name], [data-kind]");
  if (!thing || thing.closest("#lens")) return null;
  return thing;
}

function light(thing) {
  for (const element of $$(".lit, .near")) element.classList.remove("lit", "near");
  svg.classList.toggle("dim", Boolean(thing?.dataset.name));
  if (charted) seeUnit(thing?.matches(".unit, .unit-shape") ? thing.dataset.name : "");
  if (!thing) return;
  if (!thing.dataset.name) {
    for (const element of $$(`[data-kind="${thing.dataset.kind}"]`)) element.classList.add("lit");
    return;
  }
  const names = thing.dataset.name.split(" ");
  const mentioned = thing.classList.contains("row")
    ? $$(".equation [data-name]", thing).map((element) => element.dataset.name)
    : [];
  for (const name of mentioned) {
    for (const element of withName(name, svg)) element.classList.add("near");
  }
  for (const edge of thing.classList.contains("unit") ? leadingTo(thing) : []) edge.classList.add("near");
  for (const name of names) {
    for (const element of withName(name)) {
      if (element.classList.contains("column")) continue;
      element.classList.add("lit");
      if (!svg.contains(element)) element.closest(".row[data-name]")?.classList.add("near");
    }
  }
}

/** The drawn connections that lead to a unit. */
function leadingTo({ dataset: { place, unit } }) {
  const to = facts.layers[place - 1]?.units[unit];
  return to === undefined ? [] : edges.filter(({ name }) => connectionOf.get(name).to === to).map(({ element }) => element);
}

/** The description of a name in the picture. */
function says(name) {
  const drawn = withName(name).find((element) => element.dataset.says);
  if (!drawn) return "";
  return drawn.dataset.weight && drawn.dataset.weight !== name
    ? say("the derivative of the loss with respect to {what}", { what: drawn.dataset.says })
    : drawn.dataset.says;
}

/** How to change the value of a name; null if it is computed. */
function changeable(name) {
  const place = parameters.indexOf(name);
  if (place >= 0) return { get: () => state.flat[place], set: (value) => (state.flat[place] = value) };
  const input = facts.inputs.indexOf(name);
  if (input >= 0 && (input < ids.length || facts.form)) return null; // other fields choose an id, or have the row of a table
  if (input >= 0) return { get: () => state.x[input], set: (value) => (state.x[input] = value), example: true };
  const target = facts.outputs.findIndex((unit) => `y_${unit}` === name);
  if (target >= 0) return { get: () => state.y[target], set: (value) => setTarget(target, value), example: true };
  return null;
}

/** The main name of an object: the weight of an edge, the shown value of a unit. */
function describe(thing) {
  looked = thing;
  lens.replaceChildren();
  const name = thing?.dataset.name?.split(" ")[0];
  if (!name) {
    lens.append(...(facts.rates ? ratingSaid() : [paragraph("hint", hint)]));
    return;
  }
  const label = thing.dataset.says || says(name);
  const what = paragraph("what");
  const title = document.createElement("span");
  title.innerHTML = `<strong class="number"></strong> <span></span>`;
  title.firstElementChild.textContent = name;
  title.lastElementChild.textContent = label;
  const value = document.createElement("span");
  value.className = "number";
  value.textContent = summary(thing, name);
  what.append(title, value);
  lens.append(what);
  for (const row of rowsOf(thing, name).filter(equated).slice(0, 2)) lens.append(quoted(row));
  if (thing.classList.contains("row")) {
    writeSymbols(symbolsOf(thing));
    lens.append(...[thing].filter(equated).map((row) => quoted(row, true)), paragraph("sentence", sentence(thing)));
  }
  const change = changeable(name);
  if (change) lens.append(slider(name, change));
}

/** Whether the page has the equation of a row, in the parts that it was written with. */
const equated = (row) => $(".equation", row);

/** A copy of the equation of a row, in symbols or in numbers. */
function quoted(row, inNumbers = false) {
  const quote = document.createElement("span");
  quote.className = inNumbers ? "quote numbers" : "quote";
  quote.title = say("show it among the others");
  quote.addEventListener("click", () => row.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" }));
  quote.append(...[...$(".equation", row).childNodes].map((node) => node.cloneNode(true)));
  for (const sign of inNumbers ? $$("mo", quote) : []) if (sign.textContent === INVISIBLE_TIMES) sign.textContent = "·"; // 2 3 would be read as 23
  return quote;
}

const hint = $(".hint").textContent;

function paragraph(kind, text = "") {
  const made = document.createElement("p");
  made.className = kind;
  made.textContent = text;
  return made;
}

/** Update the numbers, except in the field that has the focus. */
function refresh() {
  const name = looked?.dataset.name?.split(" ")[0];
  if (!name && facts.rates) describe(null);
  if (!name) return;
  $(".what", lens).lastElementChild.textContent = summary(looked, name);
  const change = changeable(name);
  for (const input of change ? $$(".change input", lens) : []) {
    if (input !== document.activeElement) input.value = String(Number(change.get().toPrecision(6)));
  }
}

/** The values of an object: its own and the derivative of the loss. */
function summary(thing, name) {
  const shown = [];
  const value = valueOf(name);
  const input = facts.inputs.indexOf(name);
  if (value !== undefined) shown.push(`= ${input >= 0 && input < ids.length ? idOf(input) : written(value)}`);
  if (facts.scales[input]) shown.push(original(input));
  if (thing.classList.contains("unit") && !thing.classList.contains("loss") && thing.dataset.place > 0) {
    const [layer, unit] = [facts.layers[thing.dataset.place - 1], Number(thing.dataset.unit)];
    if (value === undefined) shown.push(`a = ${written(ofUnit("a", layer, unit))}`);
    shown.push(`z = ${written(ofUnit("z", layer, unit))}`, `δ = ${written(ofUnit("dz", layer, unit))}`);
  }
  const slope = valueOf(`d${name}`);
  if (parameters.includes(name) && slope !== undefined) shown.push(`∂loss/∂${name} = ${written(slope)}`);
  return shown.join("   ");
}

function rowsOf(thing, name) {
  if (thing.classList.contains("row")) return [thing];
  const layer = facts.level === "layers" && facts.layers[thing.dataset.place - 1]?.name;
  const of = layer || name.slice(2);
  const own = [`z_${of}`, `a_${of}`, `da_${of}`, `dz_${of}`];
  const wanted = thing.classList.contains("unit") ? own : [name, `d${name}`];
  return rows.filter((row) => wanted.includes(row.dataset.name));
}

/** A field and a slider that change a number. */
function slider(name, change) {
  const box = document.createElement("div");
  box.className = "change";
  const [field, range] = ["number", "range"].map((type) => {
    const made = document.createElement("input");
    made.type = type;
    made.step = type === "range" ? "0.01" : "any";
    made.setAttribute("aria-label", type === "range" ? say("{name}, as a slider", { name }) : name);
    return made;
  });
  const reach = Math.max(3, Math.ceil(1.5 * Math.abs(change.get())));
  [range.min, range.max] = [-reach, reach];
  for (const input of [field, range]) {
    input.value = String(Number(change.get().toPrecision(6)));
    input.addEventListener("input", () => {
      if (input.value === "" || !Number.isFinite(Number(input.value))) return;
      change.set(Number(input.value));
      changed(change.example);
    });
  }
  box.append(field, range);
  return box;
}

function hold(thing) {
  held = thing;
  light(thing);
  describe(thing);
  openUnit(thing);
  if (charted) drawSlice();
  $(".change", lens)?.scrollIntoView({ block: "nearest" });
  tell({ marked: thing?.dataset.name?.split(" ") ?? [] });
}

let pointer = ""; // where it is
let still = ""; // where it was when a page around this one held an equation, which then moves below it
const aimOf = ({ clientX, clientY }) => `${clientX} ${clientY}`;
document.addEventListener("pointermove", (event) => (pointer = aimOf(event)), until);

// A page around this one may hold an equation by one of its names.
window.addEventListener("message", ({ source, data }) => {
  if (source !== window.parent || source === window || !Array.isArray(data?.marked)) return;
  const row = rows.find((one) => data.marked.includes(one.dataset.name));
  if (!row || row === held) return;
  hold(row);
  still = pointer;
  row.scrollIntoView({ block: "center" });
}, until);

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch" || aimOf(event) === still) return;
  const thing = meant(event.target);
  light(thing ?? held);
  if (!lens.contains(document.activeElement)) describe(thing ?? held);
}, until);
document.addEventListener("focusin", (event) => {
  const thing = meant(event.target);
  if (!thing || event.target.matches("input")) return;
  light(thing);
  describe(thing);
}, until);
document.addEventListener("click", (event) => {
  if (event.target.closest("input, button, select, summary, label, #lens, #surface, #unit")) return;
  const thing = meant(event.target);
  if (!thing && !held) return;
  hold(thing === held ? null : thing);
}, until);

/** Make a group one tab stop. The arrow keys move within it. */
function rove(group) {
  if (!group.length) return;
  group[0].tabIndex = 0;
  group.forEach((element, i) => {
    element.addEventListener("focus", () => {
      for (const other of group) other.tabIndex = -1;
      element.tabIndex = 0;
    });
    element.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const to = event.key === "Home" ? 0 : event.key === "End" ? group.length - 1 : by && i + by;
      if (to !== undefined && group[to]) {
        event.preventDefault();
        group[to].focus();
      }
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        hold(element);
        $("input", lens)?.select();
      }
    });
  });
}
for (const group of [$$(".edge, .band, .unit, .target", svg), $$(".general > div"), rows]) rove(group);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (lens.contains(document.activeElement)) held?.closest("[tabindex]")?.focus(); // its field is about to go
  hold(null);
}, until);
