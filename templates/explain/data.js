"use strict";

// The data of the page, and functions that all parts use.

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

const loaded = JSON.parse($("#facts").textContent);
const carried = JSON.parse($("#variants")?.textContent ?? "null"); // other networks that the page can show

/** A message with its values. Messages of other languages are in the facts. */
function say(message, values = {}) {
  return (loaded.messages?.[message] ?? message).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** Import a text as a module. */
async function imported(text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return await import(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

const wall = document.documentElement.dataset; // its theme, and whether it is on a wall
const charted = Boolean($("#charts"));

/** The code of a network in its order. */
const codeIn = (within) => $$("code[data-part]", within).sort((one, other) => one.dataset.part - other.dataset.part);

/** The text of a module with a `fit` that pauses after each epoch and yields the arguments of the callback. */
function pausing(parts) {
  return parts.map((part, i) => (i === 0 ? part.textContent : paused(part.textContent))).join(""); // the first part contains the user's description
}

function paused(text) {
  return text
    .replace("export function fit(", "export function* fit(")
    .replace("if (callback) {", "{")
    .replace(/callback(?:\?\.)?\((.+?)\)\) break/, "yield [$1]) break");
}

/** The state of a network that the address of the page holds. */
const address = () => new URLSearchParams(location.hash.slice(1));

/** Tell something to a page around this one. */
function tell(message) {
  if (window.parent !== window) window.parent.postMessage(message, "*");
}

/** Keep the state in the address. A page around this one is told, and a frame without an address of its own keeps none. */
function keep(state) {
  tell({ address: `${state}` });
  try {
    window.history.replaceState(null, "", `#${state}`);
  } catch {
    // a frame that may not change its address
  }
}

let turns = 0; // how often the page was asked for a network: only the last one is shown
let leave = () => {}; // ends the work of the network that is shown
