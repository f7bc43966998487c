// The story of a training step: forward, the blame that flows back, the change of the weights; with the code of each line.

const TEMPO = { slow: 4200, even: 2000, fast: 700 }; // milliseconds of a line
let telling = 0; // the timer
let line = 0; // the line that is told; after the last one comes the change of the weights

/** An element with attributes and what is in it. */
function element(name, attributes = {}, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}

function button(attributes, text, act) {
  const made = element("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", act);
  return made;
}

function storyTools() {
  const paces = [["slow", say("slow")], ["even", say("even")], ["fast", say("fast")]].map(([value, text]) => new Option(text, value, value === "even", value === "even"));
  const controls = element("div", { class: "buttons" },
    button({ "aria-label": say("previous line") }, "‹", () => (stopStory(), tellStory(line - 1))),
    button({ id: "play" }, say("Play"), () => (telling ? stopStory() : playStory())),
    button({ "aria-label": say("next line") }, "›", () => (stopStory(), tellStory(line + 1))),
    element("label", {}, say("pace"), " ", element("select", { id: "tempo" }, ...paces)));
  return [controls, element("p", { id: "told", role: "status" }), element("div", { id: "equated" })];
}

function playStory() {
  if (line > statements.length) tellStory(0);
  $("#play").textContent = say("Pause");
  const next = () => {
    tellStory(line + 1);
    telling = line > statements.length ? 0 : setTimeout(next, TEMPO[$("#tempo").value]);
    if (!telling) stopStory();
  };
  telling = setTimeout(next, 200);
}

function stopStory() {
  clearTimeout(telling);
  telling = 0;
  if ($("#play")) $("#play").textContent = say("Play");
}

/** Tell a line: compute it, say what it does, and show its equation with numbers. */
function tellStory(number) {
  const end = statements.length + 1;
  line = Math.max(0, Math.min(end, number));
  if (before) state.flat = live.pack(live.init(facts.seed)); // the weights have changed at the end of a story
  before = null;
  if (line === end) {
    state.shown = statements.length;
    compute();
    before = snapshot();
    step();
  }
  compute();
  state.shown = Math.min(line, statements.length);
  [look.slopes, look.weights] = [line > 0 && /^gradient/.test(rows[line - 1]?.dataset.kind), line === end];
  const row = rows[line - 1];
  $("#told").textContent = line === 0 ? say("Press Play, or go line by line.") : row ? chapter(row) + sentence(row) : say("Change: each weight moves against its derivative. The loss was {before}, and is {after} now.", { before: brisk(before.loss), after: brisk(valueOf("loss")) });
  const equation = row && line < end ? quoted(row) : "";
  if (equation) {
    writeSymbols(symbolsOf(row));
    $("#equated").replaceChildren(equation, quoted(row, true));
  } else $("#equated").replaceChildren();
  drawPictures();
  drawCode();
}

/** The part of the step that a line belongs to. */
function chapter(row) {
  const { kind } = row.dataset;
  if (/^gradient/.test(kind)) return `${say("Derivatives.")} `;
  return `${/^delta/.test(kind) ? say("Blame flows back.") : say("Forward.")} `;
}

/** The code of the statement that the picture shows, in a language to choose. */
function codeTools() {
  const select = element("select", { "aria-label": say("the language of the code") }, ...Object.keys(facts.code).map((language) => new Option(language, language)));
  select.value = remembered().language ?? "Python";
  select.addEventListener("change", () => {
    remember((_, all) => (all.language = select.value));
    drawCode();
  });
  return element("div", { class: "code-lines" }, select, element("code"));
}

function drawCode() {
  const box = $(".code-lines");
  if (!box) return;
  const name = rows[state.shown - 1]?.dataset.name;
  const change = look.after || line > statements.length;
  $("code", box).textContent = facts.code[$("select", box).value][change ? "step" : name] ?? "";
}
