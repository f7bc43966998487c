leave = () => {
  leaving.abort();
  stopWalk();
  interrupt();
  clearTimeout(noting);
};
const restored = facts.form || [...link.keys()].every((key) => ["present", "scene"].includes(key)) || restore();
if (carried) await restoreOther();
drawSettings();
compute();
draw();
fit();
if (carried) reopen();
if (!restored) report(say("The address holds numbers that do not fit this network."));
if (examples.of > examples.x.length) report(say("The page contains the first {count} of {all} examples.", { count: examples.x.length, all: examples.of }));
returnFocus();
performance.mark("ready");
document.documentElement.dataset.started = "true";
