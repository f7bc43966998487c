// The form of a table: a field for each column, and the answer of the module's `predict` for them.

const cells = $$("[data-cell]");
const cellOf = new Map(cells.map((cell) => [$(`label[for="${cell.id}"]`).textContent, cell]));
const shares = $("#shares");
const MOST_CLASSES = 12; // with more, the most probable ones
let chosenRow = null; // the place of the row that the form holds

$(".pager").hidden = true; // rows are chosen in the form

/** The values of the form, in the order of the module's COLUMNS. */
const rowOf = () => cells.map((cell) => cell.value);

/** Write a row of the table into the form. */
function holdRow(place) {
  const rows = facts.form.rows;
  chosenRow = (place + rows.length) % rows.length;
  rows[chosenRow].forEach((text, i) => (cells[i].value = text));
  rows[chosenRow] = rowOf(); // a browser writes 13:45:00 as 13:45
  const targets = facts.form.targets[chosenRow];
  if (!targets.includes(null)) state.y = encodedTargets(targets);
}

function takeRow(place) {
  holdRow(place);
  readForm();
}

/** Targets as the network learns them. Those of classes are 1 and `negative_target` already. */
function encodedTargets(targets) {
  const scales = facts.targetScales;
  return targets.map((target, i) => (scales.length ? ((scales[i][2] ? Math.log(target) : target) - scales[i][0]) / scales[i][1] : target));
}

/** Give the row of the form to the network, or say which field is wrong. */
function readForm() {
  for (const cell of cells) marked(cell, "");
  try {
    state.x = live.encode(rowOf());
  } catch (error) {
    return refused(error.message);
  }
  changed(true);
}

/** Show a mistake at its field; an empty text removes it. */
function marked(cell, text) {
  const wrong = $(`#wrong-${cell.dataset.cell}`);
  if (text) cell.setAttribute("aria-invalid", "true");
  else cell.removeAttribute("aria-invalid");
  wrong.textContent = text;
  wrong.hidden = !text;
}

/** Say at the field what is wrong with it. The message of the module begins with the name of the column. */
function refused(message) {
  const names = [...cellOf.keys()].filter((name) => message.startsWith(`${name}: `));
  const name = names.sort((one, other) => other.length - one.length)[0];
  const cell = cellOf.get(name);
  if (cell) marked(cell, !cell.value ? say("Please fill in this field.") : cell.inputMode === "decimal" ? say("Please write a number, such as 0.25.") : message.slice(name.length + 2));
  drawSaid("–", "");
  explainSoon();
  if (shares) shares.hidden = true;
  $("#beyond").hidden = true;
  drawTruth();
  if (!cell) report(message);
}

/** The answer of the module for the row of the form, and the target that the network compares it with. */
function drawForm() {
  drawKnown();
  explainSoon();
  $("#altered").hidden = facts.parameters.every((value, i) => value === state.flat[i]);
  if (cells.some((cell) => cell.hasAttribute("aria-invalid"))) return;
  const params = live.unpack(state.flat);
  let answer;
  try {
    answer = live.predict(params, rowOf());
  } catch (error) {
    return refused(error.message); // outputs that are NaN
  }
  if (Array.isArray(answer)) {
    drawSaid(answer.map(inStyle).join(", "), answer.join(" "));
    drawShares(answer.map((value, i) => ({ name: facts.outputs[i], value, text: inStyle(value) })));
  } else if (typeof answer === "number") {
    drawSaid(inStyle(answer), String(answer));
  } else {
    drawSaid(answer, answer);
    if (live.predict_proba) drawShares(Object.entries(live.predict_proba(params, rowOf())).map(([name, value]) => ({ name, value, share: value, text: percent(value) })));
  }
  drawTruth();
  drawBeyond();
}

function drawSaid(text, exact) {
  const said = $("#said");
  if (said.textContent !== text) said.textContent = text; // a screen reader says what changes
  said.dataset.exact = exact;
}

/** The probabilities of the classes, or the numbers of several outputs. */
function drawShares(found) {
  const best = largest(found.map(({ value }) => value));
  const order = found.map((one, i) => ({ ...one, best: i === best }));
  if (order.length > MOST_CLASSES) order.sort((one, other) => other.value - one.value).splice(MOST_CLASSES);
  shares.hidden = false;
  shares.tBodies[0].replaceChildren(
    ...order.map(({ name, value, share, text, best }) => {
      const row = document.createElement("tr");
      const [head, bar, number] = ["th", "td", "td"].map((kind) => row.appendChild(document.createElement(kind)));
      head.scope = "row";
      head.textContent = name;
      if (share === undefined) bar.remove();
      else {
        const mark = bar.appendChild(document.createElement("span"));
        mark.className = "share";
        mark.style.setProperty("--share", `${(100 * share).toFixed(2)}%`);
        if (best) row.className = "best";
      }
      number.textContent = text;
      number.dataset.exact = String(value);
      return row;
    }),
  );
}

const moves = $("#moves");
const explains = moves && (await imported(facts.form.explains));
let waiting = 0;

/** Show what moves the answer as soon as nothing changes for a moment: training changes it many times a second. */
function explainSoon() {
  if (!moves) return;
  clearTimeout(waiting);
  moves.hidden = $("#from-typical").hidden = true;
  if (!cells.some((cell) => cell.hasAttribute("aria-invalid"))) waiting = setTimeout(drawMoves, 150);
}

/** The largest contributions of columns to the answer, or to each of several answers, as bars from a middle line. */
function drawMoves() {
  let at = 0;
  const params = facts.form.shapes.map(([rows, columns]) => Array.from({ length: rows }, () => state.flat.slice(at, (at += columns))));
  let found;
  try {
    found = explains.contributions(params, rowOf());
  } catch {
    return; // outputs that are NaN, which the answer says
  }
  const names = [...cellOf.keys()];
  const answers = Array.isArray(Object.values(found)[0]) ? facts.outputs : [""];
  const of = (one, k) => (answers.length > 1 ? one[k] : one);
  moves.caption.textContent = live.predict_proba ? say("How much each column moves the probability of {answer}", { answer: $("#said").textContent }) : say("How much each column moves the answer");
  moves.replaceChildren(
    moves.caption,
    ...answers.map((answer, k) => {
      const numbers = names.map((name, i) => ({ name, text: cells[i].value || say("(empty)"), value: of(found[name], k) }));
      const order = numbers.sort((one, other) => Math.abs(other.value) - Math.abs(one.value)).slice(0, MOST_CLASSES);
      const most = Math.abs(order[0].value) || 1;
      const body = document.createElement("tbody");
      if (answer) {
        const head = body.insertRow().appendChild(document.createElement("th"));
        Object.assign(head, { scope: "rowgroup", colSpan: 3, className: "of", textContent: answer });
      }
      for (const { name, text, value } of order) {
        const row = body.insertRow();
        const head = row.appendChild(document.createElement("th"));
        Object.assign(head, { scope: "row", textContent: `${name} ${text}` });
        const bar = row.insertCell().appendChild(document.createElement("span"));
        bar.className = value < 0 ? "move down" : "move";
        bar.style.setProperty("--share", (Math.abs(value) / most).toFixed(4));
        const number = row.insertCell();
        number.textContent = moved(value);
        number.dataset.exact = String(value);
      }
      return body;
    }),
  );
  moves.hidden = $("#from-typical").hidden = false;
}

/** A contribution with its sign: in points of the probability, or as the table writes its target. */
function moved(value) {
  const text = live.predict_proba ? `${(100 * Math.abs(value)).toFixed(1)} %` : inStyle(Math.abs(value));
  return `${value < 0 ? "−" : "+"}${text}`;
}

const percent = (share) => (share > 0 && share < 0.001 ? "< 0.1 %" : share < 1 && share > 0.999 ? "> 99.9 %" : `${(100 * share).toFixed(1)} %`);

/** A number as the table writes its target, rounded to five digits. */
function inStyle(value) {
  if (!Number.isFinite(value)) return written(value);
  const { prefix, suffix, decimal } = facts.form.style;
  const size = Math.abs(value);
  const rounded = String(size >= 1e4 && size < 1e15 ? Math.round(size) : Number(size.toPrecision(5)));
  const [, whole, rest] = /^(\d*)(.*)$/.exec(rounded);
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, facts.form.thousands);
  return `${value < 0 && Number(rounded) ? "−" : ""}${prefix}${grouped}${rest.replace(".", decimal)}${suffix && suffix !== "%" ? "\u00a0" : ""}${suffix}`;
}

/** What the table says of the row, unless its fields have changed. */
function drawTruth() {
  const { rows, targets, heldOut } = facts.form;
  const kept = chosenRow !== null && rows[chosenRow].every((text, i) => text === cells[i].value);
  const truth = $("#truth");
  truth.hidden = !kept || targets[chosenRow].includes(null);
  if (!truth.hidden) truth.textContent = say("The table says {answer}.", { answer: targetSaid(targets[chosenRow]) });
  const place = { number: (chosenRow ?? 0) + 1, count: rows.length };
  $("#row-which").textContent = !kept ? say("a row of your own") : heldOut ? say("row {number} of {count} that were held out", place) : say("row {number} of {count} of the table", place);
}

/** The targets of a row in the words of the table. */
function targetSaid(targets) {
  const { CLASSES } = live;
  if (!CLASSES) return targets.map(inStyle).join(", ");
  return CLASSES[targets.length > 1 ? largest(targets) : Number(targets[0] > facts.form.threshold)];
}

/** Name the fields whose numbers are outside of those that the network has learned from. */
function drawBeyond() {
  const outside = cells.filter((cell, i) => {
    const range = facts.form.ranges?.[i];
    if (!range || !cell.value.trim()) return false;
    const input = facts.inputs.indexOf(cell.closest("[data-name]").dataset.name.split(" ")[0]);
    const value = inData(input);
    const room = (facts.scales[input]?.[2] ? 1e-5 : 1e-9) * Math.max(Math.abs(range[0]), Math.abs(range[1]));
    return value < range[0] - room || value > range[1] + room;
  });
  const names = [...cellOf].filter(([, cell]) => outside.includes(cell)).map(([name]) => name);
  $("#beyond").hidden = !names.length;
  if (names.length) $("#beyond").textContent = say("Outside of what the network has learned from: {columns}.", { columns: names.join(", ") });
}

for (const cell of cells) cell.addEventListener("input", readForm);
$("#row").addEventListener("submit", (event) => event.preventDefault());
$("#trained").addEventListener("click", () => {
  state.flat = [...facts.parameters];
  changed(false);
  $("#said").scrollIntoView({ block: "nearest" });
});

const inTruth = $$("#known :is(select, input)");
for (const field of inTruth) field.addEventListener("input", readTruth);

/** Take the target that the reader sets below the picture. */
function readTruth() {
  const { CLASSES } = live;
  if (CLASSES) {
    const chosen = Number(inTruth[0].value);
    state.y = facts.outputs.map((_, i) => ((facts.outputs.length > 1 ? i === chosen : chosen === 1) ? 1 : facts.negative_target));
  } else {
    const numbers = inTruth.map((field) => Number(field.value));
    const learned = encodedTargets(numbers);
    if (!inTruth.every((field, i) => field.value && Number.isFinite(learned[i]))) return;
    state.y = learned;
  }
  changed(true);
}

/** Show the target in its field, except while the reader writes there. */
function drawKnown() {
  if (live.CLASSES) inTruth[0].value = String(facts.outputs.length > 1 ? largest(state.y) : Number(state.y[0] > facts.form.threshold));
  else
    inTruth.forEach((field, i) => {
      const value = inUnits(i, state.y[i]);
      if (field !== document.activeElement) field.value = Number.isFinite(value) ? String(Number(value.toPrecision(6))) : "";
    });
}

if (facts.form.rows.length) {
  holdRow(0);
  $(".from").hidden = false;
  $("#row-before").addEventListener("click", () => takeRow(chosenRow - 1));
  $("#row-after").addEventListener("click", () => takeRow(chosenRow + 1));
} else {
  for (const cell of cells.filter(({ required }) => required)) {
    const [name] = cell.closest("[data-name]").dataset.name.split(" ");
    cell.value = cell.inputMode === "decimal" ? String(facts.scales[facts.inputs.indexOf(name)]?.[0] ?? 0) : "2000-01-01";
  }
}
state.x = live.encode(rowOf());
state.example = null;
