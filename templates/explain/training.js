// Training runs the module's own `fit` epoch by epoch and draws the results.

let run = null; // the running training: a generator of the module's `fit`
const trainButton = $("#train");

function begin() {
  const options = { epochs: facts.epochs };
  if (facts.data.weights && examples.x[0] === own.x[0]) options.weights = facts.data.weights;
  history.length = mistakes.length = heldOut.length = 0;
  return trainer.fit(trainer.unpack(state.flat), examples.x, examples.y, options);
}

/** The number of epochs per frame, so that training takes some seconds. */
function pace() {
  const chosen = $("#pace").value;
  if (chosen === "slow") return Math.max(1, Math.round(facts.epochs / 2000));
  return chosen === "fast" ? Infinity : Math.max(1, Math.round(facts.epochs / 400));
}

function frame() {
  if (!training) return;
  const end = performance.now() + 10;
  let epochs = pace();
  try {
    do {
      const { done, value } = run.next();
      if (done) {
        state.flat = trainer.pack(value[0]); // after a stop rule: the parameters with the lowest loss
        run = null;
        break;
      }
      history.push(value[1]);
      state.flat = trainer.pack(value[2]);
      if (facts.perceptron) mistakes.push(examples.x.length - score(examples).right);
    } while (--epochs > 0 && performance.now() < end);
  } catch (error) {
    run = null;
    state.failure = error.message;
  }
  noteHeldOut();
  state.memory = null;
  compute();
  draw();
  drawHistory();
  if (run) {
    requestAnimationFrame(frame);
    return;
  }
  rest();
  report(verdict());
}

const MOST_HELD_OUT = 200; // examples, so that a frame stays short

/** Note the mean loss of the held-out examples, once in a frame. */
function noteHeldOut() {
  const { x, y } = facts.data.test;
  const count = Math.min(x.length, MOST_HELD_OUT);
  if (!count || facts.perceptron) return;
  const params = trainer.unpack(state.flat);
  let total = 0;
  for (let i = 0; i < count; i++) total += trainer.loss(params, x[i], y[i]);
  heldOut[history.length - 1] = total / count;
}

/** The mean loss of some examples. */
function mean(some) {
  const params = trainer.unpack(state.flat);
  return some.x.reduce((sum, x, i) => sum + trainer.loss(params, x, some.y[i]), 0) / some.x.length;
}

/** The result of training in sentences. */
function verdict() {
  const loss = say("Mean loss during epoch {epoch}: {loss}.", { epoch: history.length, loss: written(history.at(-1)) });
  if (!decides) return loss;
  const { test } = facts.data;
  const held = test.x.length ? `; ${counted(test, say("test examples"))}` : "";
  return `${loss} ${say("Now {examples}.", { examples: counted(examples, say("examples")) + held })}`;
}

function counted(some, what) {
  const { right, undecided } = score(some);
  const said = say("right on {right} of {count} {what}", { right, count: some.x.length, what });
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
  run = null;
}

trainButton.addEventListener("click", () => {
  if (training) {
    rest();
    report(verdict());
    return;
  }
  leaveWalk();
  run ??= begin();
  training = true;
  trainButton.textContent = say("Pause");
  report(say("Training …"));
  requestAnimationFrame(frame);
});
if (!examples.x.length) trainButton.disabled = true;
