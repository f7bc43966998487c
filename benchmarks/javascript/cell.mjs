// Times a network and a batch size: the generated module beside TensorFlow.js, brain.js and synaptic.
// Reads the cell as JSON from standard input, and prints the microseconds of each call in each round.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const tf = require("@tensorflow/tfjs");
const { setWasmPaths } = require("@tensorflow/tfjs-backend-wasm");
const brain = require("brain.js");
const synaptic = require("synaptic");

const given = readFileSync(0, "utf8");
const { module, sizes, batch, rate, rounds, milliseconds, warming } = JSON.parse(given);

/**
 * Parameters and examples of a peer's own: TensorFlow.js reads lists of numbers in the same place as other lists, so that
 * the engine keeps their numbers as objects from then on, and any peer that shares them takes up to five times as long.
 */
const own = () => JSON.parse(given);
setWasmPaths(require.resolve("@tensorflow/tfjs-backend-wasm").replace(/dist.*/, "dist/"));

/** The module: an epoch is `fit`, and a step is `fit` on one batch, or for a single example `train_step`. */
async function nngen() {
  const { flat, x, y } = own();
  const net = await import(module);
  const params = net.unpack(flat);
  const [some_x, some_y] = [x.slice(0, batch), y.slice(0, batch)];
  const changed = net.unpack(flat);
  let state = net.init_state(params);
  const alone = () => {
    state = net.train_step(changed, x[0], y[0], state)[2];
  };
  const once = { epochs: 1, batch_size: batch, seed: null };
  return {
    step: batch === 1 ? alone : () => net.fit(params, some_x, some_y, once),
    epoch: () => net.fit(params, x, y, once),
    predict: () => some_x.map((one) => net.forward(params, one)),
  };
}

/** TensorFlow.js with its own optimizer; reading one number of the result waits for the computation. */
async function tensorflow(backend) {
  const { flat, x, y } = own();
  await tf.setBackend(backend);
  await tf.ready();
  const leaves = [];
  let start = 0;
  for (let i = 1; i < sizes.length; i++) {
    const [inputs, units] = [sizes[i - 1], sizes[i]];
    const rows = tf.tensor2d(flat.slice(start, (start += inputs * units)), [units, inputs]);
    leaves.push([tf.variable(tf.transpose(rows)), tf.variable(tf.tensor1d(flat.slice(start, (start += units))))]);
  }
  const optimizer = tf.train.sgd(rate);
  const forward = (a) =>
    leaves.reduce((values, [w, b], i) => {
      const z = tf.add(tf.matMul(values, w), b);
      return i < leaves.length - 1 ? tf.relu(z) : z;
    }, a);
  const loss = (a, b) => tf.mul(tf.sum(tf.square(tf.sub(forward(a), b))), 0.5 / a.shape[0]);
  const parts = [];
  for (let first = 0; first < x.length; first += batch) {
    parts.push([tf.tensor2d(x.slice(first, first + batch)), tf.tensor2d(y.slice(first, first + batch))]);
  }
  const step = ([a, b]) => tf.tidy(() => optimizer.minimize(() => loss(a, b), true).dataSync()[0]);
  return {
    before: () => tf.setBackend(backend),
    step: () => step(parts[0]),
    epoch: () => parts.forEach(step),
    predict: () => tf.tidy(() => forward(parts[0][0]).dataSync()),
  };
}

/** brain.js learns from one example at a time; its relu has a slope of 0.01 below 0, and there is one for all layers. */
function brainjs() {
  if (batch > 1) return null;
  const { x, y } = own();
  const net = new brain.NeuralNetwork({ hiddenLayers: sizes.slice(1, -1), activation: "leaky-relu" });
  const data = x.map((input, k) => ({ input: Float32Array.from(input), output: Float32Array.from(y[k]) }));
  const options = { iterations: 1, errorThresh: 1e-12, learningRate: rate };
  net.train(data, options);
  const one = data.slice(0, 1);
  const input = data[0].input;
  return { step: () => net.train(one, options), epoch: () => net.train(data, options), predict: () => net.run(input) };
}

/** synaptic compiles the network to JavaScript, and learns from one example at a time. */
function synapticjs() {
  if (batch > 1) return null;
  const { x, y } = own();
  const net = new synaptic.Architect.Perceptron(...sizes);
  net.layers.hidden.forEach((layer) => layer.set({ squash: synaptic.Neuron.squash.RELU }));
  net.layers.output.set({ squash: synaptic.Neuron.squash.IDENTITY });
  const step = (k) => {
    net.activate(x[k]);
    net.propagate(rate, y[k]);
  };
  return { step: () => step(0), epoch: () => x.forEach((_, k) => step(k)), predict: () => net.activate(x[0]) };
}

const peers = {
  "nngen javascript": await nngen(),
  "TensorFlow.js, CPU": await tensorflow("cpu"),
  "TensorFlow.js, WASM": await tensorflow("wasm"),
  "brain.js": brainjs(),
  synaptic: synapticjs(),
};

/** The milliseconds of processor time of some calls: other programs of the machine do not count. */
function timed(run, count) {
  const begun = process.cpuUsage();
  for (let i = 0; i < count; i++) run();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

const found = {};
for (const kind of ["step", "epoch", "predict"]) {
  const able = Object.entries(peers).filter(([, peer]) => peer);
  const counts = {};
  for (const [name, peer] of able) {
    await peer.before?.();
    let count = 1;
    // until the engine has compiled it
    for (const end = performance.now() + warming; performance.now() < end; ) {
      timed(peer[kind], 1);
      await new Promise(setImmediate);
    }
    while (timed(peer[kind], count) < milliseconds && count < 1e6) count *= 2;
    counts[name] = count;
  }
  found[kind] = Object.fromEntries(able.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, peer] of round % 2 ? [...able].reverse() : able) {
      await peer.before?.();
      found[kind][name].push((timed(peer[kind], counts[name]) / counts[name]) * 1000);
    }
  }
}
process.stdout.write(JSON.stringify(found));
