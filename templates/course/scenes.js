// The scenes of a lesson, one idea after the other; what is done is remembered in this browser.

const lessonPage = $("#lesson").dataset.page;
const scenes = $$(".scene");
let at = 0; // the scene that is shown
const everything = $("#everything"); // pages for students have none

for (const walker = document.createTreeWalker($("#scenes"), NodeFilter.SHOW_TEXT); walker.nextNode(); ) {
  const { currentNode: node } = walker; // a formula in a text stays on one line
  node.data = node.data.replace(/ ([−+·×]) /g, "\u00a0$1\u00a0").replace(/(?<![\p{L}\d])([\p{L}\d]) \(/gu, "$1\u00a0(");
}

function remember(change) {
  const all = remembered();
  const mine = doneOn(lessonPage, all);
  change(mine, all);
  store({ ...all, last: lessonPage, [lessonPage]: mine });
}
const memory = () => doneOn(lessonPage);

const formsOf = (scene) => $$("form.ask", scene);
const openForm = (scene) => formsOf(scene).find((form) => !form.classList.contains("again") && !isSettled(form));
const activityOf = (scene) => $(".activity", scene);
const isDone = (activity) => memory().done.includes(activity.dataset.activity);

/** The number of computed statements at a name; "start" is before all, "end" after all. */
function placeOf(name) {
  return name === "end" || name === undefined ? statements.length : name === "start" ? 0 : statements.lastIndexOf(name) + 1;
}

/** The statement up to which a scene shows values: each answered question may lead on. */
function shownIn(scene) {
  const places = (look.until ?? "end").split(" ");
  if (wall.present === "bare") return placeOf(places.at(-1));
  const answered = formsOf(scene).filter((form) => !form.classList.contains("again") && isSettled(form)).length;
  return placeOf(places[Math.min(answered, places.length - 1)]);
}

// Parts of the workbench that a scene needs stand in the lesson meanwhile.
const homes = [];
function borrow(selector, into) {
  const part = $(selector);
  if (!part) return; // of a network that has none
  const mark = document.createComment(selector);
  part.replaceWith(mark);
  homes.push({ part, mark });
  into.append(part);
}
function giveBack() {
  for (const { part, mark } of homes.splice(0)) mark.replaceWith(part);
}

/** The tools of a scene, below its text: sliders, parts of the workbench, a nudge, a story. */
function equip(scene) {
  giveBack();
  for (const old of $$(".tools")) old.remove();
  const tools = element("div", { class: "tools" });
  scene.append(tools);
  for (const name of (look.edit ?? "").split(" ").filter(Boolean)) tools.append(labelled(name));
  if (look.rates) tools.append(ratesTools());
  if (look.beside) tools.append(...besideTools());
  if (look.nudge) tools.append(nudgeTools());
  if (look.story) tools.append(...storyTools());
  if (look.code || look.story) tools.append(codeTools());
  for (const part of (look.parts ?? "").split(" ").filter(Boolean)) borrow(`#${part}`, part === "table" || part === "points" || part === "ratings" || part === "curve" ? $("#parts") : tools);
  $("#parts").hidden = !$("#parts").childElementCount;
  tools.hidden = !tools.childElementCount;
}

/** A slider with the name of its parameter. */
function labelled(name) {
  const made = slider(name, changeable(name));
  made.dataset.edit = name;
  made.prepend(element("span", {}, name));
  return made;
}

/** Show a scene, with the network as the scene wants it. */
function visit(number, { focus = false } = {}) {
  leaveOther();
  stopStory();
  letGo();
  [before, trail, moved] = [null, [], ""];
  at = Math.max(0, Math.min(scenes.length - 1, number));
  const scene = scenes[at];
  look = JSON.parse(scene.dataset.look);
  scenes.forEach((one, i) => (one.hidden = i !== at));
  if (!look.keep) {
    state.flat = live.pack(live.init(facts.seed));
    state.memory = null;
    mine.forget();
  }
  if (examples.x.length) [state.example, state.x, state.y] = [look.example ?? 0, [...examples.x[look.example ?? 0]], [...examples.y[look.example ?? 0]]];
  state.view = "values";
  state.shown = shownIn(scene);
  compute();
  if (look.after) {
    before = snapshot();
    step();
    compute();
  }
  equip(scene);
  remember((own) => (own.scene = at));
  keep(onWall({ scene: at + 1 }));
  if (look.nudge) takeWeight(look.nudge);
  draw();
  if (look.story) tellStory(0);
  if (!focus) return;
  scrollTo({ top: 0 });
  (scene.querySelector("input:not([type=range]), .option") ?? $("#go")).focus({ preventScroll: true });
}

/** Draw the scene: its picture, its questions, and whether it can go on. */
function drawScene() {
  const scene = scenes[at];
  const open = openForm(scene);
  if (!look.story) state.shown = shownIn(scene);
  for (const form of formsOf(scene)) form.hidden = form.classList.contains("again") ? Boolean(open) : !isSettled(form) && form !== open;
  drawPictures();
  drawCode();
  for (const one of $$("[data-edit]", scene)) {
    const value = String(Number(changeable(one.dataset.edit).get().toPrecision(4)));
    for (const input of $$("input", one)) if (input !== document.activeElement) input.value = value;
  }
  const activity = activityOf(scene);
  if (activity) watch(activity);
  const go = $("#go");
  const last = at === scenes.length - 1;
  go.textContent = activity && !isDone(activity) ? say("Go on without it") : scene.dataset.go;
  go.classList.toggle("main", !activity || isDone(activity));
  go.hidden = last;
  $("#onward").hidden = !last;
  go.disabled = Boolean(open) && wall.present !== "bare";
  $("#back").disabled = at === 0;
  $("#count").textContent = say("{number} of {count}", { number: at + 1, count: scenes.length });
  if (!asks.some((form) => !form.classList.contains("again") && !isSettled(form)) && everything && remembered().everything) showEverything(true);
}

const PALE = { fine: 150, strength: 0.5 }; // of the plane: finer and paler than that of the workbench, since it is larger

/** The pictures of a scene: the network, the plane, the loss along a parameter. */
function drawPictures() {
  const pictures = (look.picture ?? "net").split(" ").filter((name) => name !== "none");
  const stage = $("#stage");
  stage.dataset.pictures = pictures.length;
  stage.toggleAttribute("data-silent", Boolean(look.silent));
  for (const [name, element] of [["net", net], ["plane", $("#field")], ["graph", graph]]) element.toggleAttribute("hidden", !pictures.includes(name));
  stage.classList.toggle("empty", !pictures.length && $("#parts").hidden);
  if (pictures.includes("net")) drawNet();
  if (pictures.includes("graph")) drawGraph();
  if (pictures.includes("plane")) drawPlane();
}

function drawPlane() {
  const board = $("#field canvas");
  if (look.bare) drawExamples(board);
  else drawOutputs({ module: trainer, layers: facts.layers, flat: state.flat, board, ...PALE });
  if (look.bare || look.silent) board.setAttribute("aria-label", say("The examples as points of a plane"));
  board.classList.toggle("draggable", Boolean(look.drag));
}

/** The examples alone. */
function drawExamples(board) {
  const context = board.getContext("2d");
  context.clearRect(0, 0, board.width, board.height);
  drawAxes(context);
  board.setAttribute("role", "img");
  examples.x.forEach((x, i) => dot(context, x, examples.y[i][0] > middle));
}

/** Note when an activity is done: the learner has changed something since the scene began. */
function watch(activity) {
  const { right, loss, steps, epochs } = JSON.parse(activity.dataset.when);
  const good =
    (right && score(examples).right >= Number(right)) ||
    (loss && mean(examples) < Number(loss)) ||
    (steps && trail.length >= Number(steps)) ||
    (epochs && mine.history.length >= Number(epochs));
  const start = live.pack(live.init(facts.seed));
  if (good && state.flat.some((value, i) => value !== start[i]) && !isDone(activity)) remember((own) => own.done.push(activity.dataset.activity));
  const count = right ? `${counted(examples, say("examples"), mine)}. ` : loss ? `${say("Mean loss {loss}.", { loss: brisk(mean(examples)) })} ` : "";
  $(".done", activity).textContent = count + (isDone(activity) ? `✓ ${say("Done.")}` : "");
}

// Drag the line of a single neuron over the plane: its bias follows.
const plate = $("#field canvas");
if (planar) tellAt(plate, () => look.silent || look.bare);
function pull(event) {
  if (!look.drag) return;
  const box = plate.getBoundingClientRect();
  const spot = pointAt((event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height);
  const weights = facts.inputs.map((name) => valueOf(`w_${outputUnit.name}_${name}`));
  state.flat[parameters.indexOf(look.drag)] = Number((-weights.reduce((sum, weight, i) => sum + weight * spot[i], 0)).toFixed(2));
  changed(false);
}
plate.addEventListener("pointerdown", (event) => {
  if (!look.drag) return;
  plate.setPointerCapture(event.pointerId);
  pull(event);
});
plate.addEventListener("pointermove", (event) => event.buttons && pull(event));
plate.addEventListener("touchstart", (event) => look.drag && event.preventDefault(), { passive: false });

/** Show the whole page of the network below the lesson, or hide it. */
function showEverything(on) {
  const workbench = $("#workbench");
  if (workbench.hidden === !on) return;
  workbench.hidden = !on;
  everything.setAttribute("aria-pressed", String(on));
  everything.textContent = on ? say("Hide it again") : say("Show everything");
  if (!on) return;
  state.shown = statements.length;
  draw();
  fit();
}

everything?.addEventListener("click", () => {
  const on = $("#workbench").hidden;
  const open = asks.filter((form) => !form.classList.contains("again") && !isSettled(form));
  const warning = $("#warning");
  if (on && open.length && !warning.textContent) {
    warning.textContent = say("This also shows the answers to the questions of this lesson. Press again to see them.");
    return;
  }
  warning.textContent = "";
  if (on) for (const form of asks) giveAway(form);
  remember((_, all) => (all.everything = on));
  showEverything(on);
  if (on) $("#workbench").scrollIntoView({ behavior: calm ? "auto" : "smooth" });
});

$("#go").addEventListener("click", () => visit(at + 1, { focus: true }));
$("#back").addEventListener("click", () => visit(at - 1, { focus: true }));
document.addEventListener("drawn", drawScene);
document.addEventListener("seen", () => $("#field").hidden || drawPlane());
$("#step").addEventListener("click", () => look.graph && trail.push(state.flat[parameters.indexOf(look.graph)]), true); // before it steps
new ResizeObserver(drawPictures).observe($("#stage"));

for (const [name, given] of Object.entries(memory().given)) {
  const form = asks.find((one) => one.dataset.ask === name);
  if (form) recall(form, given);
}
at = link.has("scene") ? Number(link.get("scene")) - 1 : Number(memory().scene);
present(link.has("present") ? "bare" : "");
