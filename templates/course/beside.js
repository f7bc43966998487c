// Beside the network of a lesson trains the same one with another setting, rate or seed, on the same examples.

let asked = 0; // how often a network was asked for: only the last one counts

/** A switch for the network beside, and its fields: each change starts both anew. */
function besideTools() {
  const { rate, modules } = look.beside;
  const names = Object.keys(modules);
  const list = element("select", { "aria-label": say("the other network") }, ...names.map((name) => new Option(name || say("the same network"), name)));
  list.value = names[1] ?? "";
  const numbers = [["learning rate", say("learning rate"), rate], ["seed", say("seed"), facts.seed]].map(([name, text, value]) => {
    const field = element("input", { type: "number", min: 0, step: "any", value, "data-beside": name });
    return [element("label", {}, text, " ", field), field];
  });
  const fields = element("span", { class: "beside", hidden: "" }, element("strong", {}, "B"), list, ...numbers.map(([label]) => label));
  const take = () => trainBeside(list.value, ...numbers.map(([, field]) => Number(field.value)));
  for (const field of [list, ...numbers.map(([, one]) => one)]) field.addEventListener("change", take);
  const toggle = button({ "aria-pressed": "false" }, say("Compare"), () => {
    fields.hidden = !fields.hidden;
    toggle.setAttribute("aria-pressed", String(!fields.hidden));
    if (!fields.hidden) return take();
    leaveOther();
    draw();
  });
  return [toggle, fields];
}

/** Train a network beside this one: both begin with the weights of their seeds. */
async function trainBeside(name, rate, seed) {
  if (!(rate > 0)) return report(say("A learning rate is a number above 0."));
  const mark = ++asked;
  const module = await imported(paused(look.beside.modules[name].replaceAll(look.beside.standIn, String(rate))));
  if (mark !== asked) return;
  const was = training;
  interrupt();
  const values = { name: name || say("the same network"), rate: written(rate), seed };
  mine.says = () => say("this network");
  other = Object.assign(new Learner(module, facts.layers, module.pack(module.init(seed >>> 0))), { seed: seed >>> 0, says: () => say("{name}, rate {rate}, seed {seed}", values), board: $("canvas", otherFigure) });
  if (look.picture?.includes("plane") && !$("#parts #other-surface")) borrow("#other-surface", $("#parts"));
  for (const one of [$("#legend"), otherFigure, $("#parts")]) one.hidden = false;
  restart();
  if (was) trainButton.click();
}

/** Train this network alone again. */
function leaveOther() {
  asked++;
  interrupt();
  other = null;
  for (const one of [$("#legend"), otherFigure]) one.hidden = true;
}
