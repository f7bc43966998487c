// Buttons and fields.

const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const status = $("#status");
const forwardEnd = statements.lastIndexOf("loss", firstBack()) + 1;
let walking = 0;

/** The first statement of the backward pass: a derivative. */
function firstBack() {
  const derivatives = new Set($$('.row[data-kind^="delta"], .row[data-kind="gradient"]').map((row) => Number(row.dataset.at)));
  return Math.max(0, ...[statements.findIndex((_, row) => derivatives.has(row))].filter((row) => row >= 0)) || statements.length;
}

function report(text) {
  status.textContent = text;
}

function draw() {
  drawNetwork();
  drawValues();
  drawCharts();
  drawUnit();
  drawPager();
  const alert = $("#alert");
  alert.hidden = !state.failure;
  alert.textContent = state.failure;
  refresh();
}

/** Compute everything again after a change of numbers. */
function changed(ofExample) {
  if (ofExample) state.example = null;
  else {
    interrupt();
    state.memory = null;
  }
  stopWalk();
  compute();
  draw();
  report(state.failure ? "" : lossSaid());
}

function lossSaid() {
  const loss = live.$record[statements.lastIndexOf("loss")];
  const onBoundary = facts.perceptron && loss === 0 && judge(state.outputs, state.y) !== "right";
  return `Loss ${written(loss)}${onBoundary ? ", though the answer is wrong: z is 0, on the boundary" : ""}.`;
}

/** Show the statements one after the other, from the current one to another. */
function walk(to) {
  stopWalk();
  const wait = Math.min(260, 1600 / Math.max(1, to - state.shown));
  const advance = () => {
    state.shown = Math.min(to, state.shown + (calm || wait < 16 ? Math.ceil((to - state.shown) / (calm ? 1 : 20)) : 1));
    draw();
    const now = rows[state.shown - 1];
    for (const row of $$(".row.now")) row.classList.remove("now");
    if (state.shown < to) {
      now?.classList.add("now");
      light(now);
      walking = setTimeout(advance, Math.max(16, wait));
    } else {
      light(held);
      report(state.shown < statements.length ? `${lossSaid()} Next is the backward pass.` : told());
    }
  };
  advance();
}

function told() {
  return `${lossSaid()} All derivatives are known. Step updates the weights with them.`;
}

function stopWalk() {
  clearTimeout(walking);
  for (const row of $$(".row.now")) row.classList.remove("now");
}

$("#forward").addEventListener("click", () => {
  state.shown = 0;
  compute();
  walk(forwardEnd);
});
$("#backward").addEventListener("click", () => {
  if (state.shown >= statements.length || state.shown < forwardEnd) state.shown = forwardEnd;
  walk(statements.length);
});
$("#next").addEventListener("click", () => {
  stopWalk();
  state.shown = state.shown >= statements.length ? 1 : state.shown + 1;
  draw();
  const row = rows[state.shown - 1];
  row.classList.add("now");
  light(row);
  describe(row);
  if (!stacked.matches) row.scrollIntoView({ block: "nearest" }); // the button stays where it is
  report(`${row.dataset.name} = ${$("output", row).textContent || $("canvas", row)?.title}`);
});
$("#step").addEventListener("click", () => {
  stopWalk();
  interrupt();
  const before = live.$record[statements.lastIndexOf("loss")];
  try {
    step();
  } catch (error) {
    return report(error.message);
  }
  state.shown = statements.length;
  compute();
  draw();
  report(`The loss of this example: ${written(before)} → ${written(valueOf("loss"))}.`);
});
$("#reset").addEventListener("click", () => {
  interrupt();
  stopWalk();
  history.length = mistakes.length = 0;
  state.flat = live.pack(live.init(Number($("#seed").value) >>> 0));
  state.memory = null;
  state.shown = statements.length;
  compute();
  draw();
  drawHistory();
  report(`New weights with the seed ${$("#seed").value}.`);
});
$("#numbers")?.addEventListener("change", (event) => svg.classList.toggle("numbered", event.target.checked));

for (const [fields, set, ofExample] of [
  [inputFields, (i, value) => (state.x[i] = value), true],
  [targetFields, setTarget, true],
  [parameterFields, (i, value) => (state.flat[i] = value), false],
]) {
  fields.forEach((field, i) => {
    field.addEventListener("input", () => {
      if (field.value === "" || !Number.isFinite(Number(field.value))) return;
      field.dataset.typing = "true";
      set(i, Number(field.value));
      changed(ofExample);
    });
    field.addEventListener("blur", () => {
      delete field.dataset.typing;
      drawValues();
    });
  });
}

/** Select an example. */
function choose(number) {
  state.example = (number + examples.x.length) % examples.x.length;
  [state.x, state.y] = [[...examples.x[state.example]], [...examples.y[state.example]]];
  stopWalk();
  compute();
  draw();
}

function drawPager() {
  if (classes && oneOfMany) $("select", classes).value = largest(state.y);
  if (!examples.x.length) return;
  const answer = decides && oneOfMany ? ` (${(facts.data.labels.length ? facts.data.labels : facts.outputs)[largest(state.y)]})` : "";
  $("#which").textContent =
    state.example === null ? `a custom example` : `example ${state.example + 1} of ${examples.x.length}${answer}`;
}

const classes = $("#class");
if (classes && oneOfMany) {
  classes.hidden = false;
  $("select", classes).addEventListener("change", (event) => {
    state.y = facts.outputs.map((_, i) => (i === Number(event.target.value) ? 1 : facts.negative_target));
    changed(true);
  });
}

$(".pager").hidden = !examples.x.length;
$("#previous").addEventListener("click", () => choose((state.example ?? 0) - 1));
$("#following").addEventListener("click", () => choose((state.example ?? -1) + 1));

for (const [id, numbers] of [["#symbols", false], ["#values", true]]) {
  $(id).addEventListener("click", () => {
    document.documentElement.classList.toggle("numbers", numbers);
    $("#symbols").setAttribute("aria-pressed", String(!numbers));
    $("#values").setAttribute("aria-pressed", String(numbers));
    drawValues();
    fit();
  });
}

// Paper is light: the charts are drawn again in its colours.
let wasDark = false;
addEventListener("beforeprint", () => {
  wasDark = document.documentElement.dataset.theme === "dark";
  if (wasDark) (show(false), draw());
});
addEventListener("afterprint", () => {
  if (wasDark) (show(true), draw());
});

const theme = $("#theme");
function show(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  theme.setAttribute("aria-pressed", String(dark));
}
show(matchMedia("(prefers-color-scheme: dark)").matches);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => (show(event.matches), draw()));
theme.addEventListener("click", () => {
  show(document.documentElement.dataset.theme !== "dark");
  draw();
});

compute();
draw();
fit();
drawHistory();
if (examples.of > examples.x.length) report(`The page contains the first ${examples.x.length} of ${examples.of} examples.`);
performance.mark("ready");
document.documentElement.dataset.ready = "true";
