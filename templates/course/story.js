// The story of a training step: forward, the blame that flows back, the change of the weights; with the code of each line.

const TEMPO = { slow: 4200, even: 2000, fast: 700 }; // milliseconds of a line
let telling = 0; // the timer
let line = 0; // the line that is told
let moved = ""; // the parameter whose change is told
const storyEnd = statements.length + Math.min(MOST_NAMED, parameters.length) + 1; // the last line

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
  return [controls, element("p", { id: "told", role: "status" })];
}

function playStory() {
  if (line === storyEnd) tellStory(0);
  $("#play").textContent = say("Pause");
  const next = () => {
    tellStory(line + 1);
    telling = line === storyEnd ? 0 : setTimeout(next, TEMPO[$("#tempo").value]);
    if (!telling) stopStory();
  };
  telling = setTimeout(next, 200);
}

function stopStory() {
  clearTimeout(telling);
  telling = 0;
  if ($("#play")) $("#play").textContent = say("Play");
}

/** Tell a line: compute it, say what it does, and show its equation with numbers. The last lines change the parameters. */
function tellStory(number) {
  line = Math.max(0, Math.min(storyEnd, number));
  if (before) [state.flat, state.memory] = [live.pack(live.init(facts.seed)), null]; // the weights have changed at the end of a story
  [before, moved] = [null, ""];
  state.shown = Math.min(line, statements.length);
  compute();
  const row = rows[line - 1];
  let told = line === 0 ? say("Press Play, or go line by line.") : row ? chapter(row) + sentence(row) : "";
  if (line > statements.length) {
    before = snapshot();
    const changes = changesSaid(state.flat, state.slopes, state.next);
    const count = line - statements.length;
    told = changes[count - 1] ?? "";
    if (line === storyEnd) {
      step();
      compute();
      told += ` ${say("The loss was {before}, and is {after} now.", { before: brisk(before.loss), after: brisk(valueOf("loss")) })}`;
    } else {
      const places = spokenOf(state.slopes).slice(0, count);
      moved = parameters[places.at(-1)];
      state.flat = state.flat.map((value, i) => (places.includes(i) ? state.next[i] : value));
      told = (count === 1 ? `${say("Change: each weight moves against its derivative.")} ` : "") + told;
    }
  }
  [look.slopes, look.weights] = [/^gradient/.test(row?.dataset.kind), line > statements.length];
  $("#told").textContent = told.trim();
  drawPictures();
  drawCode();
}

/** The part of the step that a line belongs to. */
function chapter(row) {
  const { kind } = row.dataset;
  if (/^gradient/.test(kind)) return `${say("Derivatives.")} `;
  return `${/^delta/.test(kind) ? say("Blame flows back.") : say("Forward.")} `;
}

/** Statements with their equations, and their code in a language to choose. */
function codeTools() {
  const select = element("select", { "aria-label": say("the language of the code") }, ...Object.keys(facts.code).map((language) => new Option(language, language)));
  select.value = remembered().language ?? "Python";
  select.addEventListener("change", () => {
    remember((_, all) => (all.language = select.value));
    drawCode();
  });
  return element("div", { class: "code-lines" }, element("div"), select);
}

/** The statements that the scene speaks of, once its questions are answered: equations and code have their numbers. */
function shownRows() {
  if (look.story) return rows.slice(line - 1, line);
  const names = openForm(scenes[at]) && wall.present !== "bare" ? [] : (look.until ?? "").split(" ");
  return rows.slice(0, state.shown).filter((row) => names.includes(row.dataset.name));
}

function drawCode() {
  const box = $(".code-lines");
  if (!box) return;
  const code = facts.code[$("select", box).value];
  const changed = look.after || (look.story && line > statements.length);
  const shown = changed ? [] : shownRows();
  shown.forEach((row) => writeSymbols(symbolsOf(row)));
  box.firstChild.replaceChildren(...shown.map((row) => statement(code[row.dataset.name] ?? "", row)), ...(changed ? [statement(code[`step ${moved || parameters[0]}`] ?? code.step, null, (name) => before[name])] : []));
  box.hidden = !box.firstChild.childElementCount;
}

/** A line of code with the values of its names, below its equation in symbols and in numbers. Pointing at one marks all. */
function statement(text, row, of = valueOf) {
  const words = text.split(/(\w+)/).map((word) => (origin.has(word) ? element("span", { "data-name": word }, word) : word));
  const names = new Set(text.match(/\w+/g)?.filter((word) => of(word) !== undefined));
  const values = [...names].flatMap((name) => [", ", element("span", { "data-name": name }, `${name} = ${written(of(name))}`)]).slice(1);
  const made = element("div", { class: "statement" }, ...(row ? [quoted(row), quoted(row, true)] : []), element("code", {}, ...words), element("code", { class: "values" }, ...values));
  rove($$("code:not(.values) span", made));
  return made;
}
