// Networks in training, and whether their answers are right.

/** A network in training: its module, its parameters, and its losses by epoch. */
class Learner {
  board = null; // the canvas of its outputs
  run = null; // the running training: a generator of the module's `fit`
  history = []; // the mean loss during each epoch
  heldOut = []; // the mean loss of held-out examples after some of the epochs
  mistakes = []; // of a perceptron: the examples that are not right after each epoch

  constructor(module, layers, flat) {
    Object.assign(this, { module, layers, flat });
  }

  forget() {
    this.history.length = this.heldOut.length = this.mistakes.length = 0;
  }
}

/** The network of the page. */
const mine = new (class extends Learner {
  get flat() {
    return state.flat;
  }
  set flat(flat) {
    state.flat = flat;
  }
})(trainer, facts.layers, state.flat);
let other = null; // the network beside it
const learners = () => (other ? [mine, other] : [mine]);

/** The examples of a part, `train` or `test`. */
const partOfData = (part) => (part === "train" ? examples : facts.data.test);

const middle = (1 + facts.negative_target) / 2;
const judged = examples.y.length ? facts.data.judged : "numbers";
const decides = judged === "class" || judged === "sides"; // an answer is right or wrong
const oneOfMany = judged === "class";

const largest = (values) => values.indexOf(Math.max(...values));

const BAND = 0.01 * (1 - facts.negative_target); // closer answers are the same to a reader, and rounding decides them

/** Whether an answer is right, wrong or undecided. Of exclusive classes, the largest output is the answer. */
function judge(outputs, y) {
  const lead = oneOfMany
    ? [outputs[largest(y)] - Math.max(...outputs.filter((_, i) => i !== largest(y)))]
    : outputs.map((a, i) => (y[i] > middle ? a - middle : middle - a));
  if (lead.some((by) => !(by >= -BAND))) return "wrong";
  return lead.some((by) => by <= BAND) ? "undecided" : "right";
}

const JUDGED = { right: say("right"), wrong: say("wrong"), undecided: say("undecided") };
const MARKS = { right: "✓", wrong: "✗", undecided: "?" };

/** The numbers of right, wrong and undecided answers among some examples. */
function score(some, network = mine) {
  const params = network.module.unpack(network.flat);
  const count = { right: 0, wrong: 0, undecided: 0 };
  some.x.forEach((x, i) => count[judge(network.module.forward(params, x), some.y[i])]++);
  return count;
}
