// Where the picture of a lesson has its units and connections, in pixels of the screen.

/** A text in a drawing, of a size in pixels: the style of the page has another one for drawings. */
function words({ "font-size": size, ...attributes }, text) {
  const made = shape("text", attributes, text);
  made.style.fontSize = `${size}px`;
  return made;
}

/** The columns of the picture: the inputs, then each layer; each unit with its layer. */
const drawnColumns = [
  facts.inputs.map((name) => ({ name, symbol: name, layer: null })),
  ...facts.layers.map((layer) => layer.units.map((name, unit) => ({ name, symbol: `a_${name}`, layer, unit }))),
];
const drawnUnits = drawnColumns.flat();
const outputUnit = drawnColumns.at(-1)[0];
const drawnEdges = [...connectionOf].filter(([, { from }]) => from !== null).map(([name, ends]) => ({ name, ...ends }));
const biasOf = new Map([...connectionOf].filter(([, { from }]) => from === null).map(([name, { to }]) => [to, name]));

const FAR = 480; // pixels from one column to the next at most

/** The places of all units, and the sizes of circles and texts. */
function layoutOf(wide, high, aside) {
  const small = wide < 640;
  const most = Math.max(...drawnColumns.map((column) => column.length));
  const pitch = (high - 8) / most;
  const grow = document.documentElement.dataset.present ? 2 : 1; // on a wall
  const [head, foot] = grow > 1 ? [46, 62] : small ? [24, 32] : pitch < 120 ? [20, 26] : [28, 34]; // room for a name above a unit, and for δ below it
  const end = small ? wide : wide * (aside ? 0.72 : 0.88);
  const across = (end - (small ? 20 : wide * 0.12)) / Math.max(1, drawnColumns.length - 1);
  const radius = Math.max(13, Math.min(small ? 33 : 46 * grow, (pitch - head - foot) / 2, across * 0.3));
  const start = small ? radius + 6 : Math.max(radius + 30, wide * 0.12);
  const room = end - start - radius - (small ? 8 : 24);
  const step = Math.min(FAR, room / Math.max(1, drawnColumns.length - 1));
  const first = start + (room - step * (drawnColumns.length - 1)) / 2;
  const spots = new Map();
  drawnColumns.forEach((column, place) => {
    column.forEach(({ name }, j) => {
      spots.set(name, [first + place * step, high / 2 + (head - foot) / 2 + (j - (column.length - 1) / 2) * pitch]);
    });
  });
  return { wide, high, small, radius, spots, end, label: small ? 13 : 16 * grow, value: Math.min(small ? 17 : 23 * grow, radius * (grow > 1 ? 0.56 : 0.62)) };
}

/** The ends of a connection, at the edges of its units. */
function endsOf({ from, to }, { spots, radius }) {
  const [[ax, ay], [bx, by]] = [spots.get(from), spots.get(to)];
  const length = Math.hypot(bx - ax, by - ay) || 1;
  const share = (radius + 3) / length;
  return [ax + (bx - ax) * share, ay + (by - ay) * share, bx - (bx - ax) * share, by - (by - ay) * share];
}

/** Where the number of a connection stands: lines that cross have theirs at other places. */
function shareOf({ from, to }) {
  const places = [from, to].map((name) => drawnColumns.find((column) => column.some((one) => one.name === name)).findIndex((one) => one.name === name));
  const single = drawnColumns.some((column) => column.length === 1 && column[0].name === to);
  return single ? 0.46 : [0.5, 0.24, 0.72][Math.abs(places[0] - places[1]) % 3];
}

/** A point of a line. */
const along = ([ax, ay, bx, by], t) => [ax + (bx - ax) * t, ay + (by - ay) * t];

/** The class of a number's colour. */
const signOf = (value) => (value < 0 ? "neg" : "pos");

/** A number with its sign, for a change. */
function signed(value, digits = 4) {
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? text : (value < 0 ? "−" : "+") + text;
}

/** A number in a picture: three significant digits. */
function brisk(value) {
  if (value === undefined || !Number.isFinite(value)) return written(value);
  if (value !== 0 && Math.abs(value) < 0.0005) return written(value);
  return String(Number(value.toFixed(Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3))).replace("-", "−");
}
