// The picture of the network: values that flow forward, and the derivatives δ that flow back.

const net = $("#net");
let look = {}; // what the scene wants to see
const ROOMY = 900; // pixels of a picture that has room for old and new values
let before = null; // values before a nudge or a step, by name

/** Whether the scene shows δ of the units: by default it does where it is a place of a walk. */
const shows = (what) => look[what] ?? Boolean(look.until || look.story);

/** The statement that a walk has computed last: it is at work in the picture. */
function atWork() {
  if (moved) return atParameter(moved);
  const row = look.quiet ? null : rows[state.shown - 1];
  if (!row || state.shown === statements.length) return {};
  const { name, kind } = row.dataset;
  const owner = owners.get(name);
  const unit = owner?.layer.units[owner.unit];
  if (kind === "sum" || kind === "activation") return { into: unit, sending: kind === "sum" };
  if (kind === "delta-hidden") return { back: unit };
  if (kind === "gradient") return atParameter(name.slice(1));
  return { output: true };
}

const atParameter = (name) => (connectionOf.get(name)?.from ? { edge: name } : { bias: connectionOf.get(name)?.to });

const unitMaps = new Map(); // what each unit says over the plane, beside a plane
const drawUnitMaps = rarely(1.5, () => {
  const units = drawnUnits.filter(({ layer }) => layer).map((one) => ({ ...one, place: facts.layers.indexOf(one.layer) + 1 }));
  mapsOf(units).forEach((map, k) => unitMaps.set(units[k].name, map));
});

function drawNet() {
  if (!look.picture?.includes("plane") || look.silent || !planar || facts.layers.length < 2) unitMaps.clear();
  else drawUnitMaps();
  const made = layoutOf(net.clientWidth || 600, net.clientHeight || 340, look.loss || look.target);
  net.setAttribute("viewBox", `0 0 ${made.wide} ${made.high}`);
  const work = { ...atWork(), nudged: nudged() };
  net.replaceChildren(
    ...drawnEdges.flatMap((edge) => edgeShapes(edge, made, work)),
    ...(look.loss ? lossShapes(made) : look.target ? targetShapes(made) : []),
    ...drawnEdges.flatMap((edge) => edgeLabel(edge, made, work)),
    ...drawnUnits.flatMap((unit) => unitShapes(unit, made, work)),
  );
  net.setAttribute("role", look.nudge ? "group" : "img");
  net.setAttribute("aria-label", netSaid());
}

/** What the picture shows, in words: only numbers that are known. */
function netSaid() {
  const values = drawnUnits.map(({ name, symbol }) => (valueOf(symbol) === undefined ? name : `${name} = ${brisk(valueOf(symbol))}`));
  const deltas = drawnUnits.filter(({ name }) => valueOf(`dz_${name}`) !== undefined).map(({ name }) => say("δ of {name} = {value}", { name, value: brisk(valueOf(`dz_${name}`)) }));
  return say("The network: {values}", { values: [...values, ...(shows("deltas") ? deltas : [])].join(", ") });
}

/** Whether a connection belongs to the statement at work. */
function isHot(edge, { into, back, edge: one, nudged: held }) {
  if (held) return held.edges.has(edge.name);
  return edge.to === into || edge.from === back || edge.name === one;
}

function edgeShapes(edge, made, work) {
  const ends = endsOf(edge, made);
  const weight = valueOf(edge.name);
  const shown = look.slopes ? valueOf(`d${edge.name}`) : weight;
  const busy = work.into || work.back || work.edge || work.nudged;
  const hot = isHot(edge, work);
  const wide = 1.4 + Math.min(3.2, Math.abs(weight)) * (made.small ? 2.2 : 3.2);
  const path = `M${ends.slice(0, 2)}L${ends.slice(2)}`;
  const kind = `link-line ${signOf(shown ?? weight)}${busy && !hot ? " faint" : ""}`;
  const line = shape("path", { class: kind, d: path, "stroke-width": wide.toFixed(1), "data-name": edge.name });
  const drawn = hot && work.back && valueOf(`dz_${edge.to}`) !== undefined ? blameShapes(edge, ends, made) : [line];
  if (hot && work.sending) drawn.push(shape("path", { class: "flow", d: path, "stroke-width": Math.max(2.4, wide * 0.45).toFixed(1) }));
  if (look.nudge) drawn.push(grip(edge, path));
  return drawn;
}

/** The error on its way back: its sign and size change where the weight multiplies it. */
function blameShapes(edge, ends, made) {
  const delta = valueOf(`dz_${edge.to}`);
  const returned = delta * valueOf(edge.name);
  const middle = along(ends, 0.5);
  const size = (value) => ((made.small ? 5 : 7) + Math.min(1.2, Math.abs(value)) * (made.small ? 12 : 22)).toFixed(1);
  return [
    [delta, ends.slice(2), middle],
    [returned, middle, along(ends, 0.03)],
  ].flatMap(([value, from, to]) => [
    shape("path", { class: `blame ${signOf(value)}`, d: `M${from}L${to}`, "stroke-width": size(value) }),
    shape("path", { class: `flow ${signOf(value)}`, d: `M${from}L${to}`, "stroke-width": (size(value) / 2).toFixed(1) }),
  ]);
}

/** The number of a connection, where the scene needs it. */
function edgeLabel(edge, made, work) {
  const hot = isHot(edge, work);
  if (!hot && !look.weights && !look.slopes) return [];
  const weight = valueOf(edge.name);
  const value = look.slopes ? valueOf(`d${edge.name}`) : weight;
  if (value === undefined) return [];
  const was = before?.[edge.name];
  const changed = was !== undefined && was !== value && made.wide >= ROOMY;
  const text = changed && !look.slopes ? `${brisk(was)} → ${brisk(value)}` : hot && !look.slopes && !work.nudged ? `× ${brisk(value)}` : brisk(value);
  const ends = endsOf(edge, made);
  const label = pill(along(ends, shareOf(edge)), text, signOf(value), made.label);
  const delta = hot && work.back ? valueOf(`dz_${edge.to}`) : undefined;
  if (delta === undefined) return label;
  const roomy = Math.hypot(ends[2] - ends[0], ends[3] - ends[1]) > 220; // for a weight beside what it sends back
  return [...(roomy ? label : []), ...pill(along(ends, roomy ? 0.18 : 0.6), brisk(delta * weight), signOf(delta * weight), made.label)];
}

/** A number on paper, over whatever lies below it. */
function pill([x, y], text, kind, size) {
  const wide = text.length * size * 0.58 + 12;
  return [
    shape("rect", { class: "paper", x: x - wide / 2, y: y - size * 0.85, width: wide, height: size * 1.7, rx: 8 }),
    words({ class: `number ${kind}`, x, y: y + size * 0.36, "font-size": size }, text),
  ];
}

function unitShapes(unit, made, work) {
  const { name, symbol, layer } = unit;
  const [[x, y], r] = [made.spots.get(name), made.radius];
  const value = valueOf(symbol);
  const hot = name === work.into || name === work.back || name === work.bias || (work.output && unit === outputUnit) || work.nudged?.units.has(name);
  const kind = `unit-shape${hot ? " hot" : ""}${value === undefined ? " open" : ""}`;
  const drawn = layer
    ? [shape("circle", { class: "paper", cx: x, cy: y, r }), ...level(unit, [x, y], r, value), shape("circle", { class: kind, cx: x, cy: y, r, "data-name": namesOf(unit) })]
    : [shape("rect", { class: `${kind} input`, "data-name": name, x: x - 0.86 * r, y: y - 0.86 * r, width: 1.72 * r, height: 1.72 * r, rx: r * 0.25 })];
  drawn.push(words({ class: "soft halo", x, y: y - r - (made.small ? 7 : 10), "font-size": made.label }, name));
  drawn.push(words({ class: `number${unitMaps.has(name) ? " halo" : ""}`, x, y: y + made.value * 0.36, "font-size": made.value }, value === undefined ? "?" : r < 28 || Math.abs(value) < 0.0005 ? short(value) : brisk(value)));
  return [...drawn, ...below(unit, [x, y + r], made, work)];
}

const namesOf = ({ name, symbol }) => `${symbol} z_${name} dz_${name} da_${name}`;

/** How much a unit says, as the height of water in it; of an activation without limits, as a tint. */
function level({ layer, name, symbol }, [x, y], r, value) {
  if (value === undefined || !Number.isFinite(value)) return [];
  if (unitMaps.has(name)) return [shape("image", { class: "map", "data-name": namesOf({ name, symbol }), href: unitMaps.get(name), x: x - r, y: y - r, width: 2 * r, height: 2 * r })];
  const bounded = ["sigmoid", "step"].includes(layer.activation);
  if (!bounded) return [shape("circle", { class: `tint ${signOf(value)}`, cx: x, cy: y, r, "fill-opacity": Math.min(0.5, Math.abs(value) / 4).toFixed(2) })];
  const clip = shape("clipPath", { id: `in-${name}` });
  clip.append(shape("circle", { cx: x, cy: y, r }));
  const high = 2 * r * Math.min(1, Math.max(0, value));
  return [clip, shape("rect", { class: "water", "clip-path": `url(#in-${name})`, x: x - r, y: y + r - high, width: 2 * r, height: high })];
}

/** What stands below a unit: δ, the sum of what comes back to it, a change, or its bias. */
function below({ name, symbol, layer }, [x, y], made, { into, back }) {
  const delta = layer && shows("deltas") ? valueOf(`dz_${name}`) : undefined;
  const size = made.label * 0.95;
  if (before && look.nudge) {
    const change = valueOf(symbol) - before[symbol];
    return change ? [words({ class: `number halo ${signOf(change)}`, x, y: y + size * 1.5, "font-size": size }, signed(change))] : [];
  }
  if (delta !== undefined && !before) {
    const text = `δ ${brisk(delta)}`;
    const wide = text.length * size * 0.56 + 16;
    return [
      shape("rect", { class: `badge ${signOf(delta)}`, x: x - wide / 2, y: y + 6, width: wide, height: size * 1.6, rx: 7 }),
      words({ class: "number on-badge", x, y: y + 6 + size * 1.16, "font-size": size }, text),
    ];
  }
  if (name === back) return [words({ class: "number halo", x, y: y + size * 1.5, "font-size": size }, `Σ ${brisk(valueOf(`da_${name}`))}`)];
  const bias = layer && biasOf.get(name);
  if (!bias || (name !== into && !look.weights)) return [];
  const was = before?.[bias];
  const text = was !== undefined && was !== valueOf(bias) && made.wide >= ROOMY ? `${brisk(was)} → ${brisk(valueOf(bias))}` : brisk(valueOf(bias));
  return [words({ class: "soft halo", x, y: y + size * 1.5, "font-size": size }, say("bias {value}", { value: text }))];
}

/** What the output should be, beside it. */
function targetShapes(made) {
  const [x, y] = made.spots.get(outputUnit.name);
  const text = say("target {value}", { value: brisk(state.y[0]) });
  if (made.small) return [words({ class: "soft halo", x: Math.min(x, made.wide - 44), y: y - made.radius - 28, "font-size": made.label }, text)];
  const far = x + made.radius + made.wide * 0.1;
  return [
    shape("path", { class: "dotted", d: `M${x + made.radius + 8},${y}H${far - 40}` }),
    words({ class: "soft", x: far, y: y + made.label * 0.36, "font-size": made.label }, text),
  ];
}
