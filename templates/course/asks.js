// Questions: a number, a choice, an order. Each has hints at typical mistakes, and shows nothing before it is answered.

const YES = ["yes", "ja", "true", "예", "네", "y"];
const NO = ["no", "nein", "false", "아니요", "아니오", "n"];

/** A number as a learner may write it, as - 0.5, 0,5, ½, 1/2 or yes, also of full width; NaN if it is none. */
function readNumber(text) {
  const given = text.normalize("NFKC").trim().toLowerCase().replace(/[−–⁻]/g, "-").replace(/\s*([-+/⁄])\s*/g, "$1").replace("⁄", "/").replaceAll(",", ".");
  if (YES.includes(given)) return 1;
  if (NO.includes(given)) return 0;
  const [above, below = 1, ...rest] = given.split("/").map((part) => (/^[-+]?[\d.]+(e[-+]?\d+)?$/.test(part) ? Number(part) : NaN));
  return rest.length ? NaN : above / below;
}

/** Whether two numbers agree to two significant digits, or within a tolerance; whole numbers agree exactly. */
function agree(given, exact, tolerance) {
  if (tolerance) return Math.abs(given - exact) <= tolerance;
  if (exact === 0) return given === 0;
  if (Number.isInteger(exact) && Math.abs(exact) < 10) return Math.abs(given - exact) < 1e-9;
  return Math.abs(given - exact) <= 0.5 * 10 ** (Math.floor(Math.log10(Math.abs(exact))) - 1) * 1.0001;
}

const asks = $$("form.ask");
const isSettled = (form) => ["right", "shown"].includes(form.dataset.state);

/** Say something about an answer, and mark what it was. */
function reply(form, kind, text) {
  form.dataset.state = kind;
  $("output", form).textContent = text;
}

/** Say why an answer is wrong, and count it. */
function miss(form, text) {
  remember((own) => (own.wrong[form.dataset.ask] = (own.wrong[form.dataset.ask] ?? 0) + 1));
  reply(form, "wrong", text);
}

/** An answer is known now: the scene goes on. What is remembered has no words, which are those of a language. */
function settle(form, kind, given) {
  recall(form, { kind, given });
  remember((own) => (own.given[form.dataset.ask] = { kind, given }));
  drawScene();
}

/** What the page says to an answer that is right, or that it has shown. */
function replyTo(form, kind) {
  if (form.dataset.kind === "order") return kind === "right" ? say("Right: this is the order.") : say("This is the order.");
  const answer = form.dataset.kind === "number" ? written(Number(form.dataset.answer)) : rightOption(form).textContent;
  if (kind === "shown") return say("The answer is {answer}.", { answer });
  return form.dataset.kind === "number" ? say("Right: {answer}.", { answer }) : say("Right. {reason}", { reason: rightOption(form).dataset.hint });
}

/** Show what a learner has answered, now or before. */
function recall(form, { kind, given }) {
  reply(form, kind, replyTo(form, kind));
  if (form.dataset.kind === "number") $("input", form).value = given ?? "";
  for (const button of $$(".option", form)) button.disabled = true;
  if (form.dataset.kind === "choice") rightOption(form).dataset.chosen = "right";
  if (form.dataset.kind === "order") $("ol", form).replaceChildren(...inOrder.get(form));
}

/** Give the answer away. */
function giveAway(form) {
  if (isSettled(form)) return;
  settle(form, "shown", form.dataset.kind === "number" ? written(Number(form.dataset.answer)) : undefined);
}

const rightOption = (form) => $(".option[data-right='1']", form);

const TRIES = 3; // wrong or empty, before a learner may see the answer

function askNumber(form) {
  const answer = Number(form.dataset.answer);
  const hints = $$("[data-hint]", $("template", form).content).map((one) => ({ value: Number(one.dataset.hint), text: one.textContent }));
  const [field, show] = [$("input", form), $(".show", form)];
  let tries = 0;
  const check = () => {
    if (isSettled(form)) return; // what has been shown does not become right
    const given = readNumber(field.value);
    if (agree(given, answer, Number(form.dataset.tolerance ?? 0))) return settle(form, "right", field.value);
    tries += 1;
    show.hidden = tries < TRIES;
    if (Number.isNaN(given)) return reply(form, "wrong", say("Please write a number, such as 0.25 or 1/4."));
    const known = hints.find((hint) => agree(given, hint.value));
    const whole = Number.isInteger(answer);
    const usual = agree(-given, answer) ? say("The size is right. Check the sign.") : whole ? say("Not yet.") : say("Not yet. Two significant digits are enough.");
    miss(form, known?.text ?? usual);
    field.select();
  };
  $(".check", form).addEventListener("click", check);
  show.addEventListener("click", () => giveAway(form));
}

function askChoice(form) {
  for (const button of $$(".option", form)) {
    button.addEventListener("click", () => {
      const right = button.dataset.right === "1";
      button.dataset.chosen = right ? "right" : "wrong";
      if (right) return settle(form, "right");
      miss(form, button.dataset.hint);
    });
  }
}

const inOrder = new Map(); // the steps of a question in their right order

/** Steps to take one after the other: a click on the next one puts it in its place. */
function askOrder(form) {
  const list = $("ol", form);
  const steps = [...list.children];
  inOrder.set(form, steps);
  const mixed = steps.map((_, i) => steps[(i * 2 + 1) % (steps.length + 1 - (steps.length % 2))]).filter(Boolean);
  list.replaceChildren(...new Set([...mixed, ...steps]));
  let taken = 0;
  for (const item of steps) {
    const button = $("button", item);
    button.addEventListener("click", () => {
      if (item !== steps[taken]) return miss(form, button.dataset.hint);
      list.insertBefore(item, list.children[taken]);
      item.classList.add("taken");
      button.disabled = true;
      taken += 1;
      if (taken === steps.length) return settle(form, "right");
      reply(form, "", say("{count} of {all} are in place.", { count: taken, all: steps.length }));
      $("button:enabled", list).focus();
    });
  }
}

for (const form of asks) {
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.localName !== "input" || event.isComposing) return;
    event.preventDefault(); // a frame may forbid forms to submit
    $(".check", form).click();
  });
  ({ number: askNumber, choice: askChoice, order: askOrder })[form.dataset.kind](form);
}
