// Training runs the module's own `fit` epoch by epoch and draws the results.

const trainButton = $("#train");

/** Start the training of a network on the examples of the page. Each network takes them in the same order. */
function begin(learner) {
  const options = { epochs: facts.epochs, batch_size: batchSize() };
  if (facts.data.weights && examples.x[0] === own.x[0]) options.weights = facts.data.weights;
  learner.forget();
  learner.run = learner.module.fit(learner.module.unpack(learner.flat), examples.x, examples.y, options);
}

/** Train a network for one epoch; after the last one, its run is over. */
function epoch(learner) {
  const { done, value } = learner.run.next();
  if (done) {
    learner.flat = learner.module.pack(value[0]); // after a stop rule: the parameters with the lowest loss
    learner.run = null;
    return;
  }
  learner.history.push(value[1]);
  learner.flat = learner.module.pack(value[2]);
  if (facts.perceptron) learner.mistakes.push(examples.x.length - score(examples, learner).right);
}

/** The number of epochs per frame, so that training takes some seconds. */
function pace() {
  const chosen = $("#pace").value;
  if (chosen === "slow") return Math.max(1, Math.round(facts.epochs / 2000));
  return chosen === "fast" ? Infinity : Math.max(1, Math.round(facts.epochs / 400));
}

const FRAME = 12; // milliseconds of work, of the 16.7 between two frames of 60 a second
let drawnIn = 2; // milliseconds that drawing took in the last frames

function frame() {
  if (!training) return;
  const end = performance.now() + Math.max(2, FRAME - drawnIn);
  let epochs = pace();
  try {
    do {
      for (const learner of learners()) if (learner.run) epoch(learner);
    } while (learners().some(({ run }) => run) && --epochs > 0 && performance.now() < end);
  } catch (error) {
    for (const learner of learners()) learner.run = null;
    state.failure = error.message;
  }
  const start = performance.now();
  learners().forEach(noteHeldOut);
  state.memory = null;
  compute();
  draw();
  drawnIn += 0.2 * (performance.now() - start - drawnIn);
  if (learners().some(({ run }) => run)) {
    requestAnimationFrame(frame);
    return;
  }
  rest();
  report(verdict());
}

const MOST_HELD_OUT = 200; // examples, so that a frame stays short

/** Note the mean loss of the held-out examples, once in a frame. */
function noteHeldOut({ module, flat, history, heldOut }) {
  const { x, y } = facts.data.test;
  const count = Math.min(x.length, MOST_HELD_OUT);
  if (!count || facts.perceptron) return;
  const params = module.unpack(flat);
  let total = 0;
  for (let i = 0; i < count; i++) total += module.loss(params, x[i], y[i]);
  heldOut[history.length - 1] = total / count;
}

/** The mean loss of some examples. */
function mean(some) {
  const params = trainer.unpack(state.flat);
  return some.x.reduce((sum, x, i) => sum + trainer.loss(params, x, some.y[i]), 0) / some.x.length;
}

/** The result of training in sentences. */
function verdict() {
  if (other) return `A: ${verdictOf(mine)} B: ${verdictOf(other)}`;
  return verdictOf(mine);
}

function verdictOf(learner) {
  const { history } = learner;
  const loss = say("Mean loss during epoch {epoch}: {loss}.", { epoch: history.length, loss: written(history.at(-1)) });
  const result = resultOf(learner);
  return result ? `${loss} ${say("Now {examples}.", { examples: result })}` : loss;
}

const MOST_ERRORS = 3; // outputs, so that a sentence stays short

/** How many examples a network answers right, or how far its answers are from the targets, in words. */
function resultOf(learner) {
  if (!decides && (!examples.y.length || facts.outputs.length > MOST_ERRORS)) return "";
  const { test } = facts.data;
  const told = decides ? counted : measured;
  const held = test.x.length ? `; ${told(test, say("test examples"), learner)}` : "";
  return told(examples, say("examples"), learner) + held;
}

/** The mean absolute error of each output of a network, in the units of the data, or how many targets are between its two outputs. */
function measured(some, what, { module, flat }) {
  const params = module.unpack(flat);
  const answers = some.x.map((x) => module.forward(params, x));
  const count = some.x.length;
  if (judged === "ends") {
    const held = answers.filter((ends, i) => some.y[i][0] >= Math.min(...ends) && some.y[i][0] <= Math.max(...ends)).length;
    return say("{held} of {count} {what} are between the outputs", { held, count, what });
  }
  const errors = facts.outputs.map((name, i) => {
    const known = some.y.flatMap((y, example) => (Number.isNaN(y[i]) ? [] : [Math.abs(inUnits(i, answers[example][i]) - inUnits(i, y[i]))])); // not missing
    const total = known.reduce((sum, one) => sum + one, 0);
    const error = written(total / known.length);
    return facts.outputs.length > 1 ? `${name} ${error}` : error;
  });
  return say("the mean absolute error of {count} {what} is {errors}", { count, what, errors: errors.join(", ") });
}

function counted(some, what, learner) {
  const { right, undecided } = score(some, learner);
  const values = { right, count: some.x.length, what };
  const labels = !oneOfMany && facts.outputs.length > 1;
  const said = labels ? say("all labels right on {right} of {count} {what}", values) : say("right on {right} of {count} {what}", values);
  return said + (undecided ? say(", undecided on {undecided}", { undecided }) : "");
}

function rest() {
  training = false;
  trainButton.textContent = say("Train");
  draw(); // what training left out
}

/** Forget the running training after a change of numbers by hand. */
function interrupt() {
  if (training) rest();
  for (const learner of learners()) learner.run = null;
}

trainButton.addEventListener("click", () => {
  if (training) {
    rest();
    report(verdict());
    return;
  }
  leaveWalk();
  if (learners().every(({ run }) => !run)) learners().forEach(begin);
  training = true;
  trainButton.textContent = say("Pause");
  report(say("Training …"));
  requestAnimationFrame(frame);
});
if (!examples.x.length) trainButton.disabled = true;
