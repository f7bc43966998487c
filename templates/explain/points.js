// The factors of ids as points: circles for the first input, squares for the second. A reader moves a point by the mouse,
// a finger or the arrow keys, and sees at once what the network predicts.

const figure = $("#points");
const MOST_POINTS = 60; // of each input
const WIDE_PLANE = 360;
const EDGE = 26; // between the outermost point and the border
const planes = facts.planes ?? [];
let drawnPlane = planes[0]; // the embeddings that are drawn
const axes = drawnPlane?.sides[0].factors > 1 ? [0, 1] : [0];
const tallPlane = axes.length > 1 ? WIDE_PLANE : 170;
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const STEP = 0.05; // of a key; with shift a fifth
let reach = 0; // of the axes, from 0
let pulled = null; // the point under way: its input, its row, the mean loss before, and its way from the pointer
let points = [];

const indexOf = (side, row, axis) => drawnPlane.sides[side].start + row * drawnPlane.sides[side].factors + axes[axis];
const spotOf = ({ side, row }) => axes.map((_, axis) => state.flat[indexOf(side, row, axis)]);

/** From factors to the drawing. On a line, the first input stands above the second. */
function drawn(spot, side) {
  const scale = (WIDE_PLANE / 2 - EDGE) / reach;
  const within = (value, size) => Math.max(8, Math.min(size - 8, value));
  const x = within(WIDE_PLANE / 2 + spot[0] * scale, WIDE_PLANE);
  return [x, axes.length > 1 ? within(tallPlane / 2 - spot[1] * scale, tallPlane) : side ? 110 : 60];
}

/** The rows that are drawn: the first ones, and the current one. */
function rowsDrawn(side) {
  const rows = Array.from({ length: Math.min(ids[side].count, MOST_POINTS) }, (_, row) => row);
  return rows.includes(state.x[side]) ? rows : [...rows, state.x[side]];
}

/** Make the elements of the points, if other rows are drawn than before. */
function makePoints() {
  const wanted = [0, 1].flatMap((side) => rowsDrawn(side).map((row) => ({ side, row })));
  if (pair(wanted.map(({ row }) => row)) === pair(points.map(({ row }) => row))) return;
  for (const { element } of points) element.remove();
  points = wanted.map(({ side, row }) => {
    const element = shape("g", { class: side ? "point square" : "point", role: "button", tabindex: -1 });
    const mark = side ? { x: -5, y: -5, width: 10, height: 10 } : { r: 5.5 };
    element.append(shape("circle", { class: "hit", r: 13 }), shape(side ? "rect" : "circle", { class: "mark", ...mark }), shape("text", {}, idName(side, row)));
    Object.assign(element.dataset, { side, row });
    drawing.append(element);
    return { side, row, element };
  });
}

function drawPoints() {
  if (!drawnPlane || state.failure) return;
  makePoints();
  const needed = points.reduce((most, point) => Math.max(most, ...spotOf(point).map(Math.abs)), 0) || 1;
  if (!pulled) reach = training ? Math.max(reach, needed) : needed;
  $$(".reach", drawing).forEach((end, i) => (end.textContent = short(i % 2 ? -reach : reach)));
  const current = points.filter(isCurrent);
  raise(current);
  $$(".arrow", drawing).forEach((arrow, i) => {
    const [x, y] = drawn(spotOf(current[i]), i);
    if (!drawnPlane.shared) return arrow.setAttribute("d", ""); // no product of the two
    arrow.setAttribute("d", axes.length > 1 ? `M${WIDE_PLANE / 2},${tallPlane / 2}L${x.toFixed(1)},${y.toFixed(1)}` : `M${WIDE_PLANE / 2},${y}H${x.toFixed(1)}`);
  });
  const taken = points.map((point) => {
    const [x, y] = drawn(spotOf(point), point.side);
    return { left: x - 6, right: x + 6, top: y - 6, bottom: y + 6 };
  });
  for (const point of [...current, ...points.filter((one) => !isCurrent(one))]) {
    const { side, row, element } = point;
    const [x, y] = drawn(spotOf(point), side);
    element.setAttribute("transform", `translate(${x.toFixed(1)},${y.toFixed(1)})`);
    element.classList.toggle("current", isCurrent(point));
    element.setAttribute("tabindex", isCurrent(point) ? 0 : -1);
    element.dataset.exact = spotOf(point).join(" ");
    if (!training) element.setAttribute("aria-label", say("{id} at {spot}. The arrow keys move it.", { id: idName(side, row), spot: tuple(spotOf(point)) }));
    labelAt(point, x, y, taken);
  }
}

/** Draw the current points over the others. To move these would take the focus from them. */
function raise(current) {
  const order = $$(".point", drawing);
  const first = order.find((element) => current.some((point) => point.element === element));
  if (order.indexOf(first) === order.length - current.length) return;
  first.before(...points.filter((point) => !current.includes(point)).map(({ element }) => element));
}

const isCurrent = ({ side, row }) => state.x[side] === row;

/** Write the name of a point beside it, if it covers no other name or point. That of a current point always stands. */
function labelAt({ side, element }, x, y, taken) {
  const text = $("text", element);
  const width = text.textContent.length * 6.2 + 4;
  const above = axes.length === 1 && !side;
  const left = Math.max(2, Math.min(WIDE_PLANE - width - 2, x - width / 2));
  const box = { left, right: left + width, top: above ? y - 22 : y + 7, bottom: above ? y - 9 : y + 20 };
  const free = element.classList.contains("current") || taken.every((other) => box.right < other.left || box.left > other.right || box.bottom < other.top || box.top > other.bottom);
  text.classList.toggle("covered", !free);
  text.setAttribute("x", (left + width / 2 - x).toFixed(1));
  text.setAttribute("y", above ? -11 : 18);
  if (free) taken.push(box);
}

/** Move a point, and say what changes. */
function movePoint({ side, row }, spot, before) {
  axes.forEach((_, axis) => {
    state.flat[indexOf(side, row, axis)] = Number(spot[axis].toFixed(3));
  });
  leaveWalk();
  changed(false);
  const values = { id: idName(side, row), pair: ids.map((_, i) => idOf(i)).join(" × "), value: written(state.outputs[0]), before: written(before), after: written(meanLoss()) };
  report(
    before === undefined
      ? say("{id} moved: {pair} is predicted as {value}.", values)
      : say("{id} moved: {pair} is predicted as {value}. Mean loss of all ratings: {before} → {after}.", values),
  );
}

/** The mean loss of the ratings of training; undefined without any. */
const meanLoss = () => (examples.x.length ? mean(examples) : undefined);

/** Make a point the current one; its partner stays. */
function selectPoint({ side, row }) {
  if (state.x[side] !== row) choosePair(state.x.map((other, i) => (i === side ? row : other)));
}

const pointOf = (element) => {
  const found = element.closest?.(".point");
  return found && { side: Number(found.dataset.side), row: Number(found.dataset.row) };
};

function spotUnder(event) {
  const box = drawing.getBoundingClientRect();
  const scale = reach / (WIDE_PLANE / 2 - EDGE);
  const [x, y] = [((event.clientX - box.left) / box.width) * WIDE_PLANE, ((event.clientY - box.top) / box.height) * tallPlane];
  return [(x - WIDE_PLANE / 2) * scale, (tallPlane / 2 - y) * scale];
}

const drawing = drawnPlane && $("svg", figure);
if (drawnPlane) {
  const [middleX, middleY] = [WIDE_PLANE / 2, tallPlane / 2];
  drawing.setAttribute("viewBox", `0 0 ${WIDE_PLANE} ${tallPlane}`);
  const cross = axes.length > 1 ? `M0,${middleY}H${WIDE_PLANE}M${middleX},0V${tallPlane}` : `M0,60H${WIDE_PLANE}M0,110H${WIDE_PLANE}M${middleX},40V130`;
  const [right, low] = [WIDE_PLANE - EDGE, tallPlane - EDGE];
  const ends = axes.length > 1 ? [[right, middleY + 13], [EDGE, middleY + 13], [middleX + 15, EDGE + 4], [middleX + 15, low + 4]] : [[right, 89], [EDGE, 89]];
  drawing.append(shape("path", { class: "axis", d: cross }), ...ends.map(([x, y]) => shape("text", { class: "reach", x, y })), shape("path", { class: "arrow" }), shape("path", { class: "arrow" }));
  tellUnder(drawing, (event) => tuple(spotUnder(event)));
  writeCaption();
  drawing.addEventListener("pointerdown", (event) => {
    const point = pointOf(event.target);
    if (!point) return;
    selectPoint(point);
    drawing.setPointerCapture(event.pointerId);
    const under = spotUnder(event);
    pulled = { ...point, before: meanLoss(), grip: spotOf(point).map((value, axis) => value - under[axis]) };
  });
  drawing.addEventListener("pointermove", (event) => {
    if (!pulled || !event.buttons) return;
    const under = spotUnder(event);
    movePoint(pulled, pulled.grip.map((by, axis) => under[axis] + by), pulled.before);
  });
  const still = (event) => pointOf(event.target) && event.preventDefault(); // a finger on a point does not scroll
  drawing.addEventListener("touchstart", still, { passive: false });
  for (const end of ["pointerup", "pointercancel"]) {
    drawing.addEventListener(end, () => {
      if (!pulled) return;
      pulled = null;
      drawPoints();
    });
  }
  drawing.addEventListener("keydown", (event) => {
    const point = pointOf(event.target);
    if (!point || !KEYS[event.key] || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    selectPoint(point);
    const by = event.shiftKey ? STEP / 5 : STEP;
    movePoint(point, spotOf(point).map((value, axis) => value + by * KEYS[event.key][axis]), meanLoss());
  });
}

/** A list in the caption. */
function chooser(label, texts, chosen, choose) {
  const select = document.createElement("select");
  select.setAttribute("aria-label", label);
  texts.forEach((text, i) => select.add(new Option(text, i)));
  select.value = chosen;
  select.addEventListener("change", () => {
    choose(Number(select.value));
    drawPoints();
  });
  return select;
}

/** Say what the plane shows. Of more than two factors, a reader chooses two. */
function writeCaption() {
  const caption = $("figcaption", figure);
  const [first, second] = drawnPlane.sides.map(({ layer }, i) => (planes.length > 1 || !drawnPlane.shared ? `${ids[i].name} (${layer})` : ids[i].name));
  const lists = [];
  if (planes.length > 1) {
    const names = planes.map(({ sides }) => sides.map(({ layer }) => layer).join(", "));
    lists.push(chooser(say("the embeddings that are drawn"), names, planes.indexOf(drawnPlane), (i) => {
      drawnPlane = planes[i];
      axes.splice(0, 2, 0, 1);
      writeCaption();
      $("select", caption).focus();
    }));
  }
  const count = drawnPlane.sides[0].factors;
  for (const axis of count > 2 ? [0, 1] : []) {
    const names = Array.from({ length: count }, (_, k) => `${axis ? "↑" : "→"} ${say("factor {number}", { number: k + 1 })}`);
    lists.push(chooser(axis ? say("the factor upwards") : say("the factor to the right"), names, axes[axis], (k) => (axes[axis] = k)));
  }
  caption.replaceChildren(
    ...lists.flatMap((list) => [list, " "]),
    say("circles: {first}, squares: {second}; drag a point, or choose one and press the arrow keys", { first, second }),
    drawnPlane.shared ? "" : say(". Circles and squares have factors of their own: only points of one kind can be compared."),
  );
}
