// Python with nngen. A message {id, call, arguments} gets {id, value} or {id, error}.
import { loadPyodide } from "./pyodide/pyodide.mjs";

/** Read and unpack a file; its parts pass through a stream on the way. */
async function fetched(name, stream = new TransformStream()) {
  const { body, ok } = await fetch(name);
  if (!ok) throw new Error(name);
  return new Response(body.pipeThrough(stream).pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

const counted = new TransformStream({
  transform(part, out) {
    self.postMessage({ loaded: part.length });
    out.enqueue(part);
  },
});
const packages = fetched("site.packed", counted); // beside Pyodide, not after it
const python = await loadPyodide({ indexURL: "pyodide/" });
python.unpackArchive(await packages, "zip", { extractDir: "/site" });
python.runPython('import os, sys; sys.path.insert(0, "/site"); os.chdir("/site")');
const work = python.pyimport("work");

let writer; // XlsxWriter, for the first workbook

/** A workbook. */
async function workbook(text, params) {
  writer ??= fetched("workbook.packed").then((found) => python.unpackArchive(found, "zip", { extractDir: "/site" }));
  await writer.catch((error) => {
    writer = undefined; // for the next call
    throw error;
  });
  return work.workbook(text, python.toPy(params ?? undefined));
}

const CALLS = {
  answer: (...given) => work.answer(...given.map((value) => python.toPy(value ?? undefined))),
  init: (file, target) => work.init(file, target),
  columns: (file) => work.columns(file),
  workbook,
  put: (file, bytes) => python.FS.writeFile(`files/${file}`, new Uint8Array(bytes)),
};

self.onmessage = async ({ data: { id, call, given } }) => {
  try {
    const found = await CALLS[call](...given);
    self.postMessage({ id, value: found?.toJs?.({ dict_converter: Object.fromEntries }) ?? found });
    found?.destroy?.();
  } catch (error) {
    self.postMessage({ id, error: String(error.message).trim().split("\n").at(-1) });
  }
};
self.postMessage({ ready: true });
