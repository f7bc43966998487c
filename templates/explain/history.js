// The losses of training as curves.

const curve = $("#curve svg");
const otherFigure = $("#other-surface"); // of the network beside the page's
const [LEFT, RIGHT] = [4, 296]; // of curves that are 300 wide
tellAlong(curve, () => [LEFT, RIGHT, 1, mine.history.length, Math.min(100, mine.history.length - 1)], (about) => {
  const [values, epoch] = [facts.perceptron ? mine.mistakes : mine.history, Math.round(about)];
  return values.length ? epochSaid(epoch, values[epoch - 1]) : "";
});

/** What a curve shows at an epoch. */
function epochSaid(epoch, value) {
  const said = { epoch, value: written(value) };
  return facts.perceptron ? say("mistakes after epoch {epoch}: {value}", said) : say("mean loss during epoch {epoch}: {value}", said);
}

/** The loss by epoch; of a perceptron the mistakes, since its loss may be 0 for a wrong answer. Of many epochs, only some are drawn. */
function drawHistory() {
  curve.replaceChildren();
  const add = (...parts) => curve.append(shape(...parts));
  const [left, right, top, bottom] = [LEFT, RIGHT, 16, 100];
  curve.classList.toggle("empty", !mine.history.length);
  curve.tabIndex = mine.history.length ? 0 : -1;
  curve.setAttribute("viewBox", mine.history.length ? "0 0 300 120" : "0 80 300 40"); // without a curve, only its caption
  add("line", { x1: left, x2: right, y1: bottom, y2: bottom });
  const { history, heldOut } = mine;
  if (!history.length) {
    add("text", { x: left, y: bottom - 8 }, facts.perceptron ? say("Train to see the mistakes after each epoch here.") : say("Train to see the mean loss during each epoch here."));
    return;
  }
  const drawn = (learner) => (facts.perceptron ? learner.mistakes : learner.history);
  const all = learners().flatMap((learner) => [...drawn(learner), ...learner.heldOut]);
  const most = Math.max(extent(all.filter(Number.isFinite))[1], 1e-12);
  const longest = Math.max(...learners().map((learner) => learner.history.length));
  const every = Math.max(1, Math.ceil(longest / 400));
  const end = other ? right - 14 : right; // room for the letters of two curves
  const at = (value, i) => [left + (i / Math.max(1, longest - 1)) * (end - left), bottom - (Math.max(0, value) / most) * (bottom - top)];
  const path = (values, sparse) =>
    values
      .map((value, i) => [i, value])
      .filter(([i, value]) => (i % every === 0 || i === values.length - 1 || sparse) && Number.isFinite(value))
      .map(([i, value]) => at(value, i).map((side) => side.toFixed(1)).join(","))
      .join("L");
  learners().forEach((learner, i) => {
    const kind = i ? "other" : "mine";
    add("path", { class: kind, d: `M${path(drawn(learner))}` });
    if (learner.heldOut.length) add("path", { class: `held ${kind}`, d: `M${path(learner.heldOut, true)}` });
  });
  curve.dataset.exact = String(history.at(-1));
  if (other) drawLetters((learner) => at(drawn(learner).at(-1), drawn(learner).length - 1));
  if (most > 1e-12) add("text", { x: left, y: 11 }, written(most));
  add("text", { x: left, y: 115 }, epochSaid(history.length, drawn(mine).at(-1)));
  if (heldOut.length) {
    add("text", { x: right, y: 11, class: "end" }, other ? say("dashed: held out") : say("dashed, held out: {loss}", { loss: written(heldOut.at(-1)) }));
  }
  const label = say("{count} epochs, from {first} to {last}", { count: history.length, first: written(drawn(mine)[0]), last: written(drawn(mine).at(-1)) });
  curve.setAttribute("aria-label", other ? `A: ${label}; B: ${written(drawn(other).at(-1))}` : label);
}

/** Names, results and the legend of two networks. */
function drawNames() {
  const names = learners().map(({ says }, i) => `${"AB"[i]}: ${says()}`);
  $(".name", surface).textContent = names[0];
  $(".name", otherFigure).textContent = names[1];
  $("figcaption", otherFigure).textContent = resultOf(other);
  const lines = learners().map((learner, i) => {
    const line = document.createElement("span");
    line.className = i ? "key other" : "key mine";
    line.textContent = names[i] + (learner.history.length ? `: ${written(learner.history.at(-1))}` : "");
    line.dataset.exact = String(learner.history.at(-1));
    return line;
  });
  $("#legend").replaceChildren(...lines);
}

/** The letters of two curves at their ends, one above the other. */
function drawLetters(end) {
  const [a, b] = learners().map(end);
  const gap = Math.max(0, 11 - Math.abs(a[1] - b[1])) / 2;
  const sign = a[1] <= b[1] ? -1 : 1;
  for (const [letter, [x, y], shift] of [["A", a, sign * gap], ["B", b, -sign * gap]]) {
    if (Number.isFinite(y)) curve.append(shape("text", { x: x + 4, y: y + 4 + shift, class: letter === "B" ? "of-other" : "of-mine" }, letter));
  }
}
