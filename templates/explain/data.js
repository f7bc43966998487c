"use strict";

// The data of the page, and functions that all parts use.

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

const facts = JSON.parse($("#facts").textContent);
const ids = facts.ids ?? []; // the first inputs, if they select rows of embeddings

/** A message with its values. Messages of other languages are in the facts. */
function say(message, values = {}) {
  return (facts.messages?.[message] ?? message).replace(/\{(\w+)\}/g, (_, name) => values[name]);
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

/** The code of a network in its order. */
const codeIn = (within) => $$("code[data-part]", within).sort((one, other) => one.dataset.part - other.dataset.part);

/** The text of a module with a `fit` that pauses after each epoch and yields the arguments of the callback. */
function pausing(parts) {
  return parts.map((part, i) => (i === 0 ? part.textContent : paused(part.textContent))).join(""); // the first part contains the user's description
}

function paused(text) {
  return text
    .replace("export function fit(", "export function* fit(")
    .replace(/callback\?\.\((.+?)\)\) \{/, "yield [$1]) {");
}

const link = new URLSearchParams(location.hash.slice(1)); // the state that the address of the page holds
