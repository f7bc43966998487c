// What comes before the editor, which is large: Python begins to load, and the page of the first example is shown.
import { Draft } from "./kept.mjs";
import { say, WORDS } from "./words.mjs";

export { MAX_BYTES } from "./kept.mjs";
export { say, WORDS };

export const at = (id) => document.getElementById(id);

export const python = new Worker("worker.js", { type: "module" });
export const early = []; // what it says before the editor is there
python.onmessage = python.onerror = (event) => early.push(event);

const read = (name) => fetch(name).then((found) => found.json());
export const schema = read("spec.schema.json");

const given = location.hash.slice(1);
export const [first, draft] = await Promise.all([read("first.json"), Draft.open(given).catch(() => new Draft())]); // a browser that keeps nothing

const unpacked = async (text) => {
  const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  const parts = []; // read one by one: of a damaged Response, Firefox complains in the console
  for (let next; !(next = await reader.read()).done; ) parts.push(next.value);
  return new Blob(parts).text();
};
/** The text that an address holds; null if it is damaged. */
export const linked = (address) => unpacked(address).catch(() => null);

const asked = new URLSearchParams(location.search).get("language") ?? (navigator.language.startsWith("ko") ? "ko" : "en");

/** What the page begins with: a language, the text of the address, and the text to edit. */
export const begun = { language: asked in WORDS ? asked : "en", linked: given && given !== draft.found.address ? await linked(given) : undefined };
begun.text = begun.linked ?? draft.found.text ?? first.examples[0].text;
/** Whether the answer is known before Python is there. */
export const known = begun.text === first.examples[0].text && begun.language === "en";

/** Write everything that stands on the page in a language. */
export function worded(language) {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-says]")) element.textContent = say(language, element.dataset.says);
  at("page").title = say(language, "page");
  at("language").value = language;
  for (const [place, option] of [...at("examples").options].entries()) option.textContent = first.examples[place].says[language];
}

/** Show a living page, whose address holds a state. */
export function opened(page, address) {
  if (at("page").text === page) return;
  URL.revokeObjectURL(at("page").src.split("#")[0]);
  at("page").text = page; // a Blob, and no srcdoc: there a page has no address of its own
  at("page").src = `${URL.createObjectURL(new Blob([page], { type: "text/html" }))}#${address}`;
}

at("examples").append(...first.examples.map(({ text }, place) => Object.assign(document.createElement("option"), { value: place, text })));
worded(begun.language);
if (known) {
  at("page").hidden = false;
  const loaded = new Promise((resolve) => (at("page").onload = resolve));
  opened(first.answer.page, "");
  await loaded;
  performance.mark("shown"); // what benchmarks measure
}
import("./app.js");
