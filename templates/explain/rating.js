// The dock while nothing is selected: the current rating as a sum, and the gradient of the two rows that it changes.

const factorization = facts.factorization;
const MATHML = "http://www.w3.org/1998/Math/MathML";
const vector = (symbol, layer) => origin.get(`${symbol}_${layer}`)?.() ?? [];
const tuple = (values) => (values.length === 1 ? brief(values[0]) : `(${values.map(brief).join(", ")})`);

/** A number with three significant digits, or a mark for one that is not computed yet. */
const brief = (value) => (value === undefined ? "…" : written(Number(value.toPrecision(3)))); // a walk has not reached it yet

function mathElement(kind, ...content) {
  const made = document.createElementNS(MATHML, kind);
  made.append(...content);
  return made;
}

/** A part of an equation with a word below it. */
function part(number, label = "") {
  const value = mathElement("mrow", ...number.split(/( [·+=] )/).map((text) => (/^ [·+=] $/.test(text) ? mathElement("mo", text.trim()) : mathElement("mn", text))));
  return mathElement("math", label ? mathElement("munder", value, mathElement("mtext", label)) : value);
}

/** The row of an id: its factors. */
function rowOf(side) {
  const { start, factors } = factorization.sides[side];
  return state.flat.slice(start + state.x[side] * factors, start + (state.x[side] + 1) * factors);
}

/** The terms of the rating, each as a number or a sum of products, and what it is. */
function termsSaid() {
  const [one, other] = factorization.sides.map((_, side) => rowOf(side));
  const products = one.map((value, k) => `${bracketed(brief(value))} · ${bracketed(brief(other[k]))}`).join(" + ");
  const terms = factorization.terms ?? [{ layer: factorization.dot }];
  return terms.map(({ bias, layer, input }) => {
    if (bias !== undefined) return [bracketed(brief(state.flat[bias])), say("bias")];
    if (layer === factorization.dot) return [products, ids.map((_, i) => idOf(i)).join(" · ")];
    return [bracketed(brief(vector("a", layer)[0])), input === null ? layer : `${layer}: ${idOf(input)}`];
  });
}

function sumSaid() {
  const line = paragraph("sum");
  const add = (sign, number, label) => {
    const term = document.createElement("span"); // a line breaks before a sign
    term.append(...(sign ? [part(sign), " "] : []), part(number, label));
    line.append(term, " ");
  };
  termsSaid().forEach(([number, label], i) => add(i ? " + " : "", number, label));
  const [symbol, layer] = ["z", factorization.terms ? factorization.output : factorization.dot];
  add(" = ", written(vector(symbol, layer)[0]), layer);
  return line;
}

/** The gradient of the row of an id: δ times the row of the other, and the slope of the penalty. */
function gradientSaid(side) {
  const { layer, block } = factorization.sides[side];
  const whole = origin.get(`d${block}`)?.();
  if (!whole) return [];
  const product = vector("dz", layer);
  const delta = brief(vector("dz", factorization.dot)[0]);
  const text = `∂L/∂${layer} (${idOf(side)}) = δ · ${idOf(1 - side)} = ${delta} · ${tuple(rowOf(1 - side))} = ${tuple(product)}`;
  const penalized = whole.some((value, k) => value !== product[k]);
  const more = penalized ? say("; with the penalty {whole}", { whole: tuple(whole) }) : "";
  return [paragraph("number gradient", text + more)];
}

/** What the dock shows about the current pair. */
function ratingSaid() {
  const title = paragraph("what");
  const [names, numbers] = [document.createElement("strong"), document.createElement("span")];
  names.textContent = ids.map((_, i) => idOf(i)).join(" × ");
  numbers.className = "number";
  numbers.dataset.exact = String(state.outputs[0]);
  const predicted = { value: written(state.outputs[0]), given: written(state.y[0]) };
  numbers.textContent = unrated() ? say("predicted {value}, no rating given", predicted) : say("predicted {value}, given {given}", predicted);
  title.append(names, " ", numbers);
  if (!factorization || state.failure) return [title, paragraph("hint", hint)];
  const lines = [title, sumSaid()];
  if (unrated() || state.shown < statements.length) return lines;
  lines.push(paragraph("number delta", `δ = ∂L/∂z = ${written(vector("dz", factorization.dot)[0])}, L = ${written(valueOf("loss"))}`));
  return [...lines, ...gradientSaid(0), ...gradientSaid(1)];
}
