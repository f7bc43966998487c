// The playground: a spec on the left; its living page and modules on the right.
import { Code } from "./code.mjs";
import { Editor } from "./editor.mjs";
import * as start from "./start.js";
import { at, draft, first, MAX_BYTES, python, say } from "./start.js";

const NAMES = { python: "Python", numpy: "NumPy", javascript: "JavaScript", c: "C", rust: "Rust", go: "Go", java: "Java", csharp: "C#", lua: "Lua", php: "PHP" };
const PARTS = ["forward", "gradient", "training", "prediction", "batches", "files", "checks"];
const MAX_ROWS = 10_000;
const WAIT = 150; // milliseconds until a pause of typing counts

const TABS = ["page", ...Object.keys(first.answer.modules), "xlsx"];

let { language } = start.begun;
let tab = "page";
let shown = first.answer; // the last correct answer
let trained = null; // { shape, params } of the last training
let address = ""; // the state of the living page
let marked = []; // the names of an equation that was clicked, in the page or in the code
let timer = 0; // of a pause of typing, while it lasts
let running; // the thread that trains

// --- Python, in a thread of its own; at most one call is under way, and of several questions only the last one waits. ---

const waiting = new Map();
let number = 0;
let busy = true;
let again = false;
let answered = 0;

const asked = (call, ...given) =>
  new Promise((resolve, reject) => {
    waiting.set(++number, { resolve, reject });
    python.postMessage({ id: number, call, given });
  });

let loaded = 0;
/** A message of Python, or that it failed. */
function heard({ type, data, message }) {
  if (type === "error") {
    status("failed", { why: message ?? "worker.js" }); // which was not loaded
  } else if (data.loaded) {
    loaded += data.loaded;
    at("progress").value = loaded / first.bytes;
    status(loaded < first.bytes ? "loading" : "starting", { megabytes: (loaded / 1e6).toFixed(1) });
  } else if (data.ready) {
    at("progress").hidden = true;
    started();
  } else {
    const { resolve, reject } = waiting.get(data.id);
    waiting.delete(data.id);
    if ("error" in data) reject(new Error(data.error));
    else resolve(data.value);
  }
}

/** Python is there: the table that the browser kept comes first. */
async function started() {
  document.body.dataset.ready = "yes";
  const { table } = draft.found;
  const bytes = table && (await draft.table().catch(() => null));
  if (bytes) await read(table.name, bytes);
  busy = false;
  renew();
}

/** Ask for what the chosen tab shows, of the spec in the editor. */
async function renew() {
  clearTimeout(timer);
  timer = 0;
  delete document.body.dataset.answers;
  remember();
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  again = false;
  const begun = performance.now();
  try {
    const found = await asked("answer", editor.text, [tab, "rows"], tab === "page" ? [] : chosen(), language, carried(), trained?.shape);
    mistaken(found.mistakes);
    if (!found.mistakes.length) {
      if (found.shape !== shown.shape) address = "";
      shown = { ...found, modules: { ...found.modules } };
      if (trained && trained.shape !== shown.shape) trained = null;
      show();
      list();
      status("current", { ms: Math.round(performance.now() - begun) });
    }
  } catch (error) {
    status("failed", { why: error.message });
  }
  busy = false;
  if (again) return renew();
  if (!timer) document.body.dataset.answers = ++answered; // nothing waits for another one
}

const carried = () => (trained && at("with_trained").querySelector("input").checked ? trained.params : null);
const chosen = () => [...at("contents").querySelectorAll("input:checked")].map((box) => box.value);

// --- What is shown ---

function status(key, values) {
  at("state").textContent = say(language, key, values);
}

function show() {
  for (const name of TABS) {
    const button = at(`tab_${name}`);
    button.setAttribute("aria-selected", name === tab);
    button.tabIndex = name === tab ? 0 : -1;
  }
  at("page").hidden = tab !== "page";
  at("code").hidden = tab === "page";
  at("of_module").hidden = tab === "page";
  at("contents").hidden = tab === "xlsx";
  at("with_trained").hidden = !trained;
  at("train").disabled = !document.body.dataset.ready;
  if (tab === "xlsx") {
    code.show(say(language, "of workbook"));
  } else if (tab !== "page") {
    code.show(Object.values(shown.modules[tab] ?? {})[0] ?? "", tab);
    mark();
  } else if (shown.page) {
    start.opened(shown.page, address);
  }
}

/** The first examples, beside the editor. */
function list() {
  const { names = [], rows = [], targets, count } = shown.rows ?? {};
  const row = (kind, texts) => {
    const made = document.createElement("tr");
    made.append(...texts.map((text, place) => Object.assign(document.createElement(kind), { textContent: text, className: place < targets ? "target" : "" })));
    return made;
  };
  const [table] = at("rows").children;
  table.caption.textContent = shown.rows ? say(language, "rows", { shown: rows.length, count: count.toLocaleString(language) }) : "";
  table.tHead.replaceChildren(row("th", names));
  table.tBodies[0].replaceChildren(...rows.map((texts) => row("td", texts)));
  at("rows").hidden = !shown.rows;
}

function mistaken(mistakes) {
  editor.mark(mistakes);
  at("right").classList.toggle("stale", mistakes.length > 0);
  at("mistakes").replaceChildren(
    ...mistakes.map((mistake) => {
      const item = document.createElement("li");
      if (mistake.line) {
        const place = Object.assign(document.createElement("button"), { textContent: say(language, "column", mistake) });
        place.onclick = () => editor.select(mistake);
        item.append(place);
      }
      item.append(Object.assign(document.createElement("pre"), { textContent: mistake.text }));
      return item;
    }),
  );
  if (mistakes.length) status("stale");
}

addEventListener("message", ({ source, data }) => {
  if (source !== at("page").contentWindow) return;
  if (typeof data?.address === "string") address = data.address;
  if (!Array.isArray(data?.marked)) return;
  marked = data.marked.map(String);
  if (marked.length) status("marked", { name: marked[0] });
});

/** Mark what was clicked, where it is looked at: in the code, or in the living page. */
function mark(shows = true) {
  const { [tab]: lines = {} } = shown.lines ?? {};
  if (tab === "page") at("page").contentWindow.postMessage({ marked }, "*");
  else code.mark([...new Set(marked.flatMap((name) => (Object.hasOwn(lines, name) ? lines[name] : [])))].sort((one, other) => one - other), shows);
}

function clicked(line) {
  const named = Object.entries(shown.lines?.[tab] ?? {}).filter(([, lines]) => lines.includes(line));
  marked = named.map(([name]) => name);
  mark(false);
  if (marked.length) status("marked in page", { name: marked[0] });
}

// --- The text, in the browser and in the address: as it is, also with mistakes ---

const packed = async (text) => {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate")); // it ends with a checksum
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};

function keep(changed) {
  try {
    draft.keep(changed);
  } catch {
    above("not kept");
  }
}

/** Keep the text in the address as well. */
async function remember() {
  const { text } = editor;
  const address = await packed(text);
  if (text !== editor.text || address === draft.found.address) return;
  keep({ address });
  history.replaceState(null, "", `#${address}`);
}

/** A text in place of the one in the editor, which undoing brings back. */
function replaced(text) {
  editor.text = text;
  edited();
  trained = null;
}

function edited() {
  keep({ text: editor.text });
  above();
  delete document.body.dataset.answers;
  clearTimeout(timer);
  timer = setTimeout(renew, WAIT);
}

addEventListener("hashchange", async () => {
  const address = location.hash.slice(1);
  if (!address || address === draft.found.address) return;
  const text = await start.linked(address);
  if (text !== null) return replaced(text);
  draft.found.address = "";
  await remember();
  above("damaged link");
});

/** A sentence above the editor, until the text changes. */
function above(key) {
  at("said").hidden = !key;
  at("said").textContent = key ? say(language, key) : "";
}

// --- Training, by the JavaScript module itself ---

async function train() {
  if (running) {
    ended();
    status("current", { ms: 0 });
    return;
  }
  status("working");
  const found = await asked("answer", editor.text, ["javascript", "examples"], ["all"], language, null);
  if (found.mistakes.length) {
    mistaken(found.mistakes);
    return;
  }
  if (!found.examples) {
    status("no examples");
    return;
  }
  const begun = performance.now();
  running = new Worker("train.js", { type: "module" });
  at("train").textContent = say(language, "stop");
  running.onmessage = ({ data }) => {
    if (data.epoch) {
      status("training", { epoch: data.epoch, loss: data.loss.toPrecision(4) });
      return;
    }
    ended();
    if (data.error) {
      status("failed", { why: data.error });
      return;
    }
    trained = { shape: found.shape, params: data.params };
    address = "";
    at("page").text = "";
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    renew().then(() => status("trained", { epochs: data.epochs, seconds, loss: data.loss.toPrecision(4), right: right(found.examples, data.outputs) }));
  };
  running.postMessage({ text: Object.values(found.modules.javascript)[0], examples: found.examples });
}

function ended() {
  running?.terminate();
  running = undefined;
  at("train").textContent = say(language, "train");
}

/** How good the answers are: how many classes, labels or pairs of ends are right, or, of numbers, the explained variance. */
function right({ train_y, test_y, judged, middle }, outputs) {
  const kind = judged !== "sides" ? judged : train_y[0].length === 1 ? "class" : "labels";
  const of = { class: classes, labels: classes, ends: held, numbers: explained }[kind];
  const [train, test] = [train_y, test_y].map((ys, part) => (ys.length ? of(ys, outputs[part], judged, middle) : ""));
  return (train && say(language, kind, { right: train })) + (test && say(language, "held out", { right: test }));
}

function classes(ys, outputs, judged, middle) {
  const answers = (row) => (judged === "class" ? [row.indexOf(Math.max(...row))] : row.map((value) => value > middle));
  const pairs = ys.flatMap((y, i) => answers(y).map((answer, j) => answer === answers(outputs[i])[j]));
  return say(language, "share", { right: pairs.filter(Boolean).length, count: pairs.length });
}

/** How many targets are between the two outputs. */
function held(ys, outputs) {
  const right = ys.filter(([y], i) => y >= Math.min(...outputs[i]) && y <= Math.max(...outputs[i])).length;
  return say(language, "share", { right, count: ys.length });
}

/** R² over all outputs: 1 is perfect, 0 is as good as the mean. Nothing if all targets are the same. */
function explained(ys, outputs) {
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const known = ys[0].map((_, j) => ys.map((y) => y[j]).filter(Number.isFinite)); // without missing targets
  const means = known.map((values) => sum(values) / values.length);
  const squares = (rows) => sum(rows.flatMap((row, i) => ys[i].map((value, j) => (Number.isFinite(value) ? (row[j] - value) ** 2 : 0))));
  const all = 1 - squares(outputs) / squares(ys.map(() => means));
  return Number.isFinite(all) ? all.toFixed(2) : "";
}

// --- A table of the user ---

let table = "";

async function taken(file) {
  const name = file.name.replace(/[^\w.-]/g, "_");
  status("working");
  const bytes = await file.arrayBuffer();
  const rows = await read(name, bytes);
  if (!rows) return;
  status("table", { rows });
  const kept = await draft.keepTable(name, bytes).catch(() => false);
  if (!kept) above(bytes.byteLength > MAX_BYTES ? "large table" : "not kept");
}

/** Give Python a table, and ask which column to predict. The number of its rows, or nothing if it is not taken. */
async function read(name, bytes) {
  await asked("put", name, bytes);
  const found = await asked("columns", name);
  mistaken(found.mistakes);
  if (found.mistakes.length) return "";
  const rows = found.rows.toLocaleString(language);
  if (found.rows > MAX_ROWS) {
    status("too large", { rows });
    return "";
  }
  table = name;
  const options = found.columns.map((name) => Object.assign(document.createElement("option"), { textContent: name, value: name }));
  at("target").elements.column.replaceChildren(...options);
  at("target").elements.column.selectedIndex = options.length - 1;
  at("target").hidden = false;
  return rows;
}

at("target").onsubmit = async (event) => {
  event.preventDefault();
  const found = await asked("init", table, at("target").elements.column.value);
  mistaken(found.mistakes);
  if (found.mistakes.length) return;
  at("notes").replaceChildren(...found.notes.map((note) => Object.assign(document.createElement("li"), { textContent: note })));
  at("notes").hidden = !found.notes.length;
  replaced(found.text);
  renew();
};

/** The network as a spreadsheet, with what was trained: the content of its file, by the file's name. */
async function workbook() {
  const begun = performance.now();
  status("working");
  try {
    const found = await asked("workbook", editor.text, carried());
    mistaken(found.mistakes);
    if (!found.mistakes.length) status("current", { ms: Math.round(performance.now() - begun) });
    return found.files ?? {};
  } catch (error) {
    status("failed", { why: error.message });
    return {};
  }
}

// --- The controls ---

function worded() {
  start.worded(language);
  at("tab_page").textContent = say(language, "page");
  at("tab_xlsx").textContent = say(language, "workbook");
  status("first result");
}

for (const [place, name] of TABS.entries()) {
  const button = Object.assign(document.createElement("button"), { textContent: NAMES[name] ?? "", role: "tab", id: `tab_${name}` });
  button.onclick = () => {
    tab = name;
    show();
    if (tab === "page") mark();
    if (name === "page" ? !shown.page : !shown.modules[name] || chosen().length || carried()) renew();
  };
  button.onkeydown = ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (step) at(`tab_${TABS[(place + step + TABS.length) % TABS.length]}`).focus();
  };
  at("tabs").append(button);
}
for (const part of PARTS) {
  const label = document.createElement("label");
  const box = Object.assign(document.createElement("input"), { type: "checkbox", value: part, onchange: () => renew() });
  label.append(box, ` ${part}`);
  at("contents").append(label);
}
at("examples").onchange = at("reset").onclick = () => {
  replaced(first.examples[at("examples").value].text);
  at("notes").hidden = at("target").hidden = true;
  renew();
};
at("forget").onclick = async () => {
  await draft.forget();
  history.replaceState(null, "", location.pathname + location.search); // the address holds the text, too
  at("examples").value = 0;
  at("reset").onclick();
  above("forgotten");
};
at("table").onchange = ({ target }) => target.files[0] && taken(target.files[0]);
at("train").onclick = train;
at("with_trained").onchange = () => renew();
at("language").onchange = () => {
  language = at("language").value;
  worded();
  at("page").text = "";
  renew();
};
at("link").onclick = async () => {
  await remember();
  try {
    await navigator.clipboard.writeText(location.href);
    status("copied");
  } catch {
    at("address").hidden = false; // the browser refuses, or has no clipboard
    at("address").value = location.href;
    at("address").select();
    status("copy it");
  }
};
at("address").onblur = () => (at("address").hidden = true);
at("download").onclick = async () => {
  for (const [name, content] of Object.entries(tab === "xlsx" ? await workbook() : (shown.modules[tab] ?? {}))) {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([content])), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
};
for (const kind of ["dragover", "drop", "dragleave"]) {
  addEventListener(kind, (event) => {
    event.preventDefault();
    document.body.classList.toggle("dropped", kind === "dragover");
    if (kind === "drop" && event.dataTransfer.files[0]) taken(event.dataTransfer.files[0]);
  });
}

const code = new Code(at("code"), clicked, say(language, "code"));
at("page").onload = () => {
  performance.mark("shown"); // what benchmarks measure
  mark();
};
const editor = new Editor(at("editor"), await start.schema, edited, say(language, "spec"));
editor.text = start.begun.text;
worded();
if (start.begun.linked) keep({ text: start.begun.linked });
if (start.begun.linked === null) above("damaged link");
performance.mark("editable");
if (start.known) {
  show();
  list();
}
python.onmessage = python.onerror = heard;
start.early.forEach(heard);
if ("serviceWorker" in navigator && isSecureContext) navigator.serviceWorker.register("service.js");
