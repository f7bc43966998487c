// Buttons and fields.

const status = $("#status");

/** Say something below the buttons, and more to those who hear the page: others see it elsewhere. */
function report(text, heard = "") {
  status.textContent = heard ? `${text} ` : text;
  if (heard) status.append(Object.assign(document.createElement("span"), { className: "heard", textContent: heard }));
}

function draw() {
  if (charted) drawCharts(); // first: text on a canvas needs the styles of the page, and nothing has changed them yet
  drawFlow();
  drawUnit();
  drawPager();
  const alert = $("#alert");
  alert.hidden = !state.failure;
  alert.textContent = state.failure;
  if (facts.form) drawForm();
  if (other) drawNames();
  refresh();
  if (!training) note();
  document.dispatchEvent(new Event("drawn"));
}

/** Compute everything again after a change of numbers. */
function changed(ofExample) {
  if (ofExample) state.example = state.heldOut = null;
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
  if (unrated()) return say("No rating is given here. The network predicts {value}.", { value: written(state.outputs[0]) });
  const loss = live.$record[statements.lastIndexOf("loss")];
  const onBoundary = facts.perceptron && loss === 0 && judge(state.outputs, state.y) !== "right";
  return onBoundary
    ? say("Loss {loss}, though the answer is wrong: z is 0, on the boundary.", { loss: written(loss) })
    : say("Loss {loss}.", { loss: written(loss) });
}

$("#step").addEventListener("click", () => {
  leaveWalk();
  if (unrated()) return report(lossSaid());
  interrupt();
  const before = live.$record[statements.lastIndexOf("loss")];
  const [was, { slopes }] = [[...state.flat], state];
  try {
    step();
  } catch (error) {
    return report(error.message);
  }
  compute();
  draw();
  const changes = changesSaid(was, slopes, state.flat);
  report(say("The loss of this example: {before} → {after}.", { before: written(before), after: written(valueOf("loss")) }), changes.join(" "));
  if (!looked && !facts.rates) lens.replaceChildren(...changes.map((text) => paragraph("sentence", text)));
});
/** Give each network the weights of its seed. */
function restart() {
  interrupt();
  leaveWalk();
  for (const learner of learners()) learner.forget();
  state.flat = live.pack(live.init(seeded(seedField)));
  if (other) other.flat = other.module.pack(other.module.init(other.seed));
  state.memory = null;
  compute();
  draw();
}
$("#reset").addEventListener("click", () => {
  restart();
  report(say("New weights with the seed {seed}.", { seed: seedField.value }));
});
seedField.addEventListener("change", () => meanwhile(() => $("#reset").click()));
$("#numbers")?.addEventListener("change", (event) => svg.classList.toggle("numbered", event.target.checked));

for (const [fields, set, ofExample] of [
  [inputFields, setInput, true],
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

function setInput(i, value) {
  state.x[i] = value;
  if (facts.rates) takeRating();
}

/** Select a training example, or one that is held out. */
function choose(number, part = "train") {
  const { x, y } = partOfData(part);
  const place = (number + x.length) % x.length;
  [state.example, state.heldOut] = part === "train" ? [place, null] : [null, place];
  [state.x, state.y] = [[...x[place]], [...y[place]]];
  stopWalk();
  compute();
  draw();
}

function drawPager() {
  if (classes && oneOfMany) $("select", classes).value = largest(state.y);
  if (!examples.x.length) return;
  const answer = decides && oneOfMany ? ` (${(facts.data.labels.length ? facts.data.labels : facts.outputs)[largest(state.y)]})` : "";
  $("#which").textContent =
    (state.heldOut !== null ? say("test example {number} of {count}", { number: state.heldOut + 1, count: facts.data.test.x.length })
      : state.example === null ? say("a custom example")
      : say("example {number} of {count}", { number: state.example + 1, count: examples.x.length })) + answer;
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
  $(id)?.addEventListener("click", () => {
    document.documentElement.classList.toggle("numbers", numbers);
    drawChoice();
    drawValues();
    fit();
  });
}

/** Whether the equations show numbers. */
function drawChoice() {
  $("#symbols")?.setAttribute("aria-pressed", String(!numbered()));
  $("#values")?.setAttribute("aria-pressed", String(numbered()));
}
drawChoice();

// Paper is light: the charts are drawn again in its colours.
let wasDark = false;
addEventListener("beforeprint", () => {
  wasDark = document.documentElement.dataset.theme === "dark";
  if (wasDark) (show(false), draw());
}, until);
addEventListener("afterprint", () => {
  if (wasDark) (show(true), draw());
}, until);

const theme = $("#theme");
function show(dark) {
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  theme.setAttribute("aria-pressed", String(dark));
}
const prefersDark = matchMedia("(prefers-color-scheme: dark)");
show(document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : prefersDark.matches);
prefersDark.addEventListener("change", (event) => (show(event.matches), draw()), until);
theme.addEventListener("click", () => {
  show(document.documentElement.dataset.theme !== "dark");
  draw();
}, until);

new ResizeObserver(fitLabels).observe(svg);
