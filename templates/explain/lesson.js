// The lesson around the network: checks answers and activities, fills in numbers, and remembers what is done.

const REMEMBERED = "nngen-course";
const lesson = $("#lesson").dataset.lesson;

/** What the learner has done, by page. It stays in this browser. */
function remembered() {
  try {
    return JSON.parse(localStorage.getItem(REMEMBERED)) ?? {};
  } catch {
    return {}; // a browser may forbid storage
  }
}

function remember(what) {
  const all = remembered();
  all[lesson] = [...new Set([...(all[lesson] ?? []), what])];
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify(all));
  } catch {
    // the course works without memory
  }
  markPages();
}

function markPages() {
  const all = remembered();
  for (const item of $$(".pages li")) item.classList.toggle("visited", Boolean(all[item.dataset.page]?.length));
}

/** A number as a learner may write it; NaN if it is none. */
function readNumber(text) {
  return text.trim() === "" ? NaN : Number(text.trim().replace("−", "-").replace(",", "."));
}

/** Whether two numbers agree to two significant digits. */
function agree(given, exact) {
  if (exact === 0) return given === 0;
  return Math.abs(given - exact) <= 0.5 * 10 ** (Math.floor(Math.log10(Math.abs(exact))) - 1) * 1.0001;
}

const answered = new Set(); // questions whose answer the learner knows

for (const form of $$("form.ask")) {
  const answer = Number(form.dataset.answer);
  const hints = $$("[data-hint]", form).map((hint) => ({ value: Number(hint.dataset.hint), text: hint.textContent }));
  const [field, output, show] = [$("input", form), $("output", form), $(".show", form)];
  let tries = 0;
  const settle = (message, kind) => {
    output.textContent = message;
    form.dataset.state = kind;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = readNumber(field.value);
    if (Number.isNaN(given)) return settle(say("Please write a number, such as 0.25."), "wrong");
    if (agree(given, answer)) {
      remember(form.dataset.ask);
      reveal();
      return settle(say("Right: {answer}.", { answer: written(answer) }), "right");
    }
    tries += 1;
    show.hidden = tries < 2;
    const known = hints.find((hint) => agree(given, hint.value));
    settle(known?.text ?? (agree(-given, answer) ? say("The size is right. Check the sign.") : say("Not yet. Two significant digits are enough.")), "wrong");
  });
  const reveal = () => {
    answered.add(form.dataset.ask);
    drawLesson();
  };
  show.addEventListener("click", () => {
    reveal();
    settle(say("The answer is {answer}.", { answer: written(answer) }), "shown");
  });
}

// Activations side by side, each with its value and its slope at one place.

const CURVES = {
  step: [(z) => Number(z > 0), () => 0],
  sigmoid: [(z) => 1 / (1 + Math.exp(-z)), (z, a) => a * (1 - a)],
  tanh: [Math.tanh, (z, a) => 1 - a * a],
  relu: [(z) => Math.max(0, z), (z) => Number(z > 0)],
};
const [WIDE, HIGH] = [120, 96];
const across = (z) => ((z + 4) / 8) * WIDE;
const down = (a) => HIGH - 8 - ((a + 1) / 2.4) * (HIGH - 16);

function drawCurve(figure, name, z) {
  const [f, slope] = CURVES[name];
  const path = Array.from({ length: 161 }, (_, i) => i / 20 - 4).filter((at) => f(at) <= 1.35);
  const [a, s] = [f(z), slope(z, f(z))];
  const tangent = [z - 0.9, z + 0.9].map((at) => `${across(at)},${down(a + s * (at - z))}`);
  $("svg", figure).replaceChildren(
    shape("path", { class: "axis", d: `M0,${down(0)}H${WIDE}` }),
    shape("path", { class: "curve", d: `M${path.map((at) => `${across(at).toFixed(1)},${down(f(at)).toFixed(1)}`).join("L")}` }),
    shape("path", { class: "tangent", d: `M${tangent.join("L")}` }),
    shape("circle", { cx: across(z), cy: down(a), r: 3.5 }),
  );
  $("figcaption", figure).textContent = say("{name}: value {value}, slope {slope}", { name, value: written(a), slope: written(s) });
}

for (const figure of $$("[data-curves]")) {
  const names = figure.dataset.curves.split(" ");
  const drawings = names.map(() => {
    const made = document.createElement("figure");
    made.append(shape("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, "aria-hidden": "true" }), document.createElement("figcaption"));
    return made;
  });
  const slider = $("input", figure);
  const update = () => names.forEach((name, i) => drawCurve(drawings[i], name, Number(slider.value)));
  figure.prepend(...drawings);
  slider.addEventListener("input", update);
  update();
}

const activity = $(".activity");
const inText = $$("[data-number]");

/** Update the numbers in the text, and see whether the activity is done. */
function drawLesson() {
  for (const element of inText) {
    const { number, after } = element.dataset;
    const value = after && !answered.has(after) ? undefined : valueOf(number);
    element.textContent = value === undefined ? "…" : written(value);
  }
  const before = remembered()[lesson] ?? [];
  for (const { dataset } of $$("form.ask")) {
    document.documentElement.classList.toggle(`asking-${dataset.ask}`, !answered.has(dataset.ask) && !before.includes(dataset.ask));
  }
  const { right, loss, walk } = activity.dataset;
  const done =
    (right && score(examples).right >= Number(right)) ||
    (loss && mean(examples) < Number(loss)) ||
    (walk && state.view === "slopes" && state.shown === statements.length);
  if (!done || !$(".done", activity).hidden || !touched) return;
  $(".done", activity).hidden = false;
  remember("activity");
}

let touched = false; // by the learner: a page may open with all answers right
$("main").addEventListener("pointerdown", () => (touched = true));
$("main").addEventListener("keydown", () => (touched = true));
new MutationObserver(drawLesson).observe($("#bench"), { subtree: true, childList: true, characterData: true, attributes: true });
drawLesson();
markPages();
