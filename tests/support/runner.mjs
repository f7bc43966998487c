// Calls modules of JavaScript as tests ask for it, see runners.py: a line of JSON for each call, and one for its result.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const states = {};
const texts = (value) => {
  if (Array.isArray(value)) {
    return value.map(texts);
  }
  return value === null || typeof value !== "object"
    ? value
    : "number" in value
      ? Number(value.number)
      : Object.fromEntries(Object.entries(value).map(([name, one]) => [name, texts(one)]));
};

/** Slopes as gradient gives them: of an embedding only the rows that are not all 0. */
const slopes_of = (m, flat, embeddings) =>
  m.unpack(flat).map((rows, k) =>
    embeddings.includes(k) ? new Map([...rows.entries()].filter(([, row]) => row.some((slope) => slope !== 0.0))) : rows,
  );

/** The result of a function of module m, as a flat list of numbers or a text. */
function called(m, network, name, { own, single, drops, embeddings }, given) {
  const params = given.params && m.unpack(given.params);
  const weights = own ? { weights: given.weights ?? undefined } : {};
  const weight = own && single ? [given.weight ?? 1.0] : [];
  const seed = drops && !m.batch_gradient ? [given.seed ?? null] : [];
  switch (name) {
    case "init":
      return m.pack(given.seed == null ? m.init() : m.init(given.seed));
    case "init_state":
      states[network] = m.init_state(m.init());
      return [];
    case "step": {
      const [after, state] = m.step(params, slopes_of(m, given.slopes, embeddings), states[network]);
      states[network] = state;
      return m.pack(after);
    }
    case "train_step": {
      const [loss, after, state] = m.train_step(params, given.x, given.y, states[network], ...weight, ...seed);
      states[network] = state;
      return [loss, ...m.pack(after)];
    }
    case "loss":
      return [m.loss(params, given.x, given.y, ...weight)];
    case "gradient": {
      const [loss, slopes] = m.gradient(params, given.x, given.y, ...weight, ...seed);
      return [loss, ...m.pack(slopes)];
    }
    case "input_gradient":
      return m.input_gradient(params, given.x, given.y, ...weight).flat();
    case "jacobian":
      return m.jacobian(params, given.x).flat();
    case "sensitivity":
    case "contributions": {
      const columns = Object.values(m[name](params, given.row)).map((one) => [one].flat());
      return columns[0].flatMap((_, k) => columns.map((numbers) => numbers[k]));
    }
    case "notes": {
      const words = m.notes(given.row);
      return m.COLUMNS.map((column) => words[column] ?? "").join(",");
    }
    case "batch_gradient": {
      const seeds = drops ? [given.seeds ?? null] : [];
      const [loss, slopes, after] = m.batch_gradient(params, given.xs, given.ys, ...(own ? [undefined] : []), ...seeds);
      return [loss, ...m.pack(slopes), ...m.pack(after)];
    }
    case "fit": {
      const { epochs, batch_size, seed } = given;
      const [after, history] = m.fit(params, given.xs, given.ys, { epochs, batch_size, seed, ...weights });
      return [...m.pack(after), ...history];
    }
    case "save":
      return m.save(params);
    case "load":
      return m.pack(m.load(given.text));
    case "predict_proba":
      return Object.values(m.predict_proba(params, given.row));
    case "predict_interval":
      return Object.values(m.predict_interval(params, given.row)).map(Number);
    default: {
      const found = m[name](...(params ? [params] : []), given.x ?? given.row);
      return typeof found === "string" ? found : [found].flat();
    }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { network, call, has, given } = texts(JSON.parse(line));
  let done;
  try {
    const m = await import(`${pathToFileURL(folder)}/${encodeURIComponent(network)}.mjs`);
    const gives = called(m, network, call, has, given);
    done = { gives: typeof gives === "string" ? gives : gives.map((one) => (Number.isFinite(one) ? one : String(one))) };
  } catch (error) {
    done = { [["RangeError", "TypeError"].includes(error.name) ? "refuses" : "throws"]: `${error.name}: ${error.message}` };
  }
  process.stdout.write(`${JSON.stringify(done)}\n`);
}
