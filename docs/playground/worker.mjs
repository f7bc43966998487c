// Python with nngen. A message {id, call, arguments} gets {id, value} or {id, error}.
import { loadPyodide } from "./pyodide/pyodide.mjs";

/** Read a file, and say how many bytes have come. */
async function fetched(name) {
  const answer = await fetch(name);
  const parts = [];
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    self.postMessage({ loaded: value.length });
  }
  return new Blob(parts).arrayBuffer();
}

const packages = fetched("site.zip"); // beside Pyodide, not after it
const python = await loadPyodide({ indexURL: "pyodide/" });
python.unpackArchive(await packages, "zip", { extractDir: "/site" });
python.runPython('import os, sys; sys.path.insert(0, "/site"); os.chdir("/site")');
const work = python.pyimport("work");

const CALLS = {
  answer: (...given) => work.answer(...given.map((value) => python.toPy(value ?? undefined))),
  init: (file, target) => work.init(file, target),
  columns: (file) => work.columns(file),
  put: (file, bytes) => python.FS.writeFile(`files/${file}`, new Uint8Array(bytes)),
};

self.onmessage = ({ data: { id, call, given } }) => {
  try {
    const found = CALLS[call](...given);
    self.postMessage({ id, value: found?.toJs?.({ dict_converter: Object.fromEntries }) ?? found });
    found?.destroy?.();
  } catch (error) {
    self.postMessage({ id, error: String(error.message).trim().split("\n").at(-1) });
  }
};
self.postMessage({ ready: true });
