const restored = location.hash.length < 2 || restore();
compute();
draw();
fit();
drawHistory();
if (!restored) report(say("The address holds numbers that do not fit this network."));
if (examples.of > examples.x.length) report(say("The page contains the first {count} of {all} examples.", { count: examples.x.length, all: examples.of }));
performance.mark("ready");
document.documentElement.dataset.ready = "true";
