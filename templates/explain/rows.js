// The examples as a table whose rows can be chosen, and what the network says of them: a matrix of the classes, or residuals.

const table = $("#table");
const answers = $("#answers");
const FEW = 8; // examples whose table stands beside the plane
const MOST_ROWS = 100; // of the training examples, and of the held-out ones
const MOST_COLUMNS = 12;
const tabled = examples.x.length > 0 && !ids.length && !facts.form;
const classNames = facts.data?.labels?.length ? facts.data.labels : facts.outputs;
let tableRows = []; // the rows of the table
let answersOf = "train"; // the examples of the matrix or of the residuals

/** Make the table of the examples anew. */
function listRows() {
  if (!tabled) return;
  tableRows = [];
  const made = document.createElement("table");
  const few = examples.x.length <= FEW && !facts.data.test.x.length;
  table.classList.toggle("long", !few);
  if (table.closest("#charts")) (few ? $("#answers").parentElement : $("#charts")).append(table); // a lesson may have it
  const shown = facts.inputs.length <= MOST_COLUMNS ? facts.inputs : [];
  const said = oneOfMany ? [say("target"), say("answer")] : [...facts.outputs.map((name) => `${say("target")} ${name}`), ...facts.outputs];
  const head = made.createTHead().insertRow();
  for (const text of few ? [...shown, ...said, ...(decides ? [""] : [])] : ["", ...said, ...(decides ? [""] : []), ...shown]) {
    const title = cell(head, text ? "th" : "td", text);
    if (text) title.scope = "col";
  }
  for (const part of ["train", "test"]) listPart(made.createTBody(), part, few, shown.length);
  table.replaceChildren(made);
  table.setAttribute("role", "group");
  table.setAttribute("aria-label", say("Examples"));
  if (tableRows.length) tableRows[0].row.tabIndex = 0;
}

function cell(row, kind, text, extra = {}) {
  const one = document.createElement(kind);
  one.textContent = text;
  Object.assign(one.dataset, extra);
  row.append(one);
  return one;
}

/** The rows of the training examples, or of those that are held out. */
function listPart(body, part, few, inputs) {
  const { x: xs, y: ys } = partOfData(part);
  xs.slice(0, MOST_ROWS).forEach((x, i) => {
    const row = body.insertRow();
    row.tabIndex = -1;
    if (!few) cell(row, "td", part === "train" ? i + 1 : say("test {number}", { number: i + 1 })).className = "soft";
    const inputsOf = () => x.slice(0, inputs).forEach((value) => cell(row, "td", written(value)));
    if (few) inputsOf(); // else the answers come first, since a reader would have to scroll to them
    if (oneOfMany) cell(row, "td", classNames[largest(ys[i])]);
    else for (const value of ys[i]) cell(row, "td", written(value));
    const outputs = (oneOfMany ? [0] : facts.outputs).map((_, k) => cell(row, "td", "", { output: k }));
    const verdict = decides && cell(row, "td", "");
    if (verdict) verdict.className = "verdict";
    if (!few) inputsOf();
    tableRows.push({ row, part, i, outputs, verdict });
    row.addEventListener("click", () => choose(i, part));
  });
  if (xs.length <= MOST_ROWS) return;
  const more = cell(body.insertRow(), "td", say("and {count} more", { count: xs.length - MOST_ROWS }));
  [more.colSpan, more.className] = [99, "soft"];
}

function drawRows() {
  if (!tabled) return;
  const params = live.unpack(state.flat);
  for (const { row, part, i, outputs, verdict } of tableRows) {
    const { x, y } = partOfData(part);
    const found = live.forward(params, x[i]);
    outputs.forEach((one, k) => {
      one.textContent = oneOfMany ? classNames[largest(found)] : written(found[k]);
      one.dataset.exact = oneOfMany ? JSON.stringify(found) : String(found[k]);
    });
    if (verdict) {
      const answer = judge(found, y[i]);
      [verdict.textContent, verdict.title] = [MARKS[answer], JUDGED[answer]];
    }
    const current = isChosen(part, i);
    if (current !== (row.getAttribute("aria-current") === "true")) markCurrent(row, current);
  }
  drawAnswers(params);
}

const isChosen = (part, i) => (part === "train" ? state.example : state.heldOut) === i;

function markCurrent(row, current) {
  row.setAttribute("aria-current", String(current));
  if (!current) return;
  for (const one of tableRows) one.row.tabIndex = one.row === row ? 0 : -1;
  if (!table.classList.contains("long")) return;
  const [top, bottom] = [row.offsetTop - row.parentElement.parentElement.tHead.offsetHeight, row.offsetTop + row.offsetHeight];
  if (top < table.scrollTop) table.scrollTop = top;
  if (bottom > table.scrollTop + table.clientHeight) table.scrollTop = bottom - table.clientHeight;
}

table.addEventListener("keydown", (event) => {
  const place = tableRows.findIndex(({ row }) => row === document.activeElement);
  const goal = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: tableRows.length - 1, Enter: place, " ": place }[event.key];
  const to = tableRows[goal];
  if (place < 0 || !to) return;
  event.preventDefault();
  choose(to.i, to.part);
  to.row.focus({ preventScroll: true });
});

/** The matrix of the classes; of numbers, the residuals. A few examples stand in the table. */
function drawAnswers(params) {
  const { x, y } = partOfData(answersOf);
  answers.hidden = examples.x.length <= FEW;
  if (answers.hidden) return;
  $(".choice", answers).hidden = !facts.data.test.x.length;
  for (const button of $$(".choice button", answers)) button.setAttribute("aria-pressed", String(button.dataset.of === answersOf));
  const found = x.map((one) => live.forward(params, one));
  if (decides) drawMatrix(found, y);
  else drawResiduals(found.map((outputs, i) => [outputs[watched], outputs[watched] - y[i][watched]]).filter((pair) => pair.every(Number.isFinite)));
}

/** How many examples of each class the network takes for which class. */
function drawMatrix(found, y) {
  const names = oneOfMany ? classNames : [facts.negative_target, 1].map(String);
  const classOf = (values) => (oneOfMany ? largest(values) : Number(values[watched] > middle));
  const counts = names.map(() => names.map(() => []));
  found.forEach((outputs, i) => counts[classOf(y[i])][classOf(outputs)].push(i));
  const most = Math.max(1, ...counts.flat().map((some) => some.length));
  const matrix = $("table", answers);
  if (matrix.rows.length !== names.length + 1) {
    matrix.replaceChildren();
    const head = matrix.createTHead().insertRow();
    cell(head, "td", say("target ↓, answer →")).className = "soft";
    for (const name of names) cell(head, "th", name).scope = "col";
    const body = matrix.createTBody();
    for (const name of names) {
      const row = body.insertRow();
      cell(row, "th", name).scope = "row";
      for (const _ of names) cell(row, "td", "");
    }
  }
  counts.forEach((row, target) => row.forEach((some, answer) => {
    const one = matrix.rows[target + 1].cells[answer + 1];
    const says = say("target {target}, answer {answer}: {count}", { target: names[target], answer: names[answer], count: some.length });
    one.className = target === answer ? "right" : "wrong";
    one.style.setProperty("--share", (some.length / most).toFixed(3));
    const wrong = target !== answer && some.length > 0;
    if (!wrong) return (one.textContent = some.length);
    let button = $("button", one);
    if (!button) {
      one.textContent = "";
      button = document.createElement("button");
      button.type = "button";
      button.addEventListener("click", () => nextOf(button.of));
      one.append(button);
    }
    [button.textContent, button.title, button.of] = [some.length, say("show the next example of these"), some];
    button.setAttribute("aria-label", says);
  }));
}

/** Choose the next of some examples after the current one. */
function nextOf(some) {
  const now = (answersOf === "train" ? state.example : state.heldOut) ?? -1;
  choose(some.find((i) => i > now) ?? some[0], answersOf);
}

/** What is left over of each target, by the output. */
function drawResiduals(pairs) {
  const [least, most] = extent(pairs.map(([output]) => output));
  const reach = Math.max(1e-12, extent(pairs.map(([, rest]) => Math.abs(rest)))[1]);
  const [x, y] = [(output) => 6 + (288 * (output - least)) / (most - least || 1), (rest) => 56 - (44 * rest) / reach];
  const figure = $("svg", answers);
  figure.toggleAttribute("hidden", false);
  figure.replaceChildren(
    shape("line", { x1: 4, x2: 296, y1: y(0), y2: y(0) }),
    shape("path", { d: pairs.map(([output, rest]) => `M${x(output).toFixed(1)},${y(rest).toFixed(1)}h0`).join("") }),
    shape("text", { x: 4, y: 10 }, `+${written(reach)}`),
    shape("text", { x: 4, y: 112 }, written(-reach)),
    shape("text", { x: 296, y: 112, class: "end" }, say("output {from} to {to}", { from: written(least), to: written(most) })),
  );
  const root = Math.sqrt(pairs.reduce((sum, [, rest]) => sum + rest ** 2, 0) / Math.max(1, pairs.length));
  const text = say("Residuals: output minus target, over the output. Root mean square {root}.", { root: written(root) });
  $("figcaption", answers).textContent = text;
  figure.setAttribute("aria-label", text);
  answers.dataset.exact = String(root);
}

for (const button of $$(".choice button", answers)) {
  button.addEventListener("click", () => {
    answersOf = button.dataset.of;
    drawAnswers(live.unpack(state.flat));
  });
}
listRows();
