// The questions of a course, and how a learner has answered them. Those that come once more and those of variants do not count.

const asked = JSON.parse(document.querySelector("#asked")?.textContent ?? "{}"); // by page

/** How each question that counts was answered: its page, its name, right, shown or open, and the wrong tries. */
function resultsOf(all) {
  return Object.entries(asked).flatMap(([page, { counts, asks, again }]) => {
    const { given, wrong } = doneOn(page, all);
    return asks.filter((name) => counts && !again.includes(name)).map((name) => ({ page, name, how: given[name]?.kind ?? "open", wrong: wrong[name] ?? 0 }));
  });
}

/** The share of first tries that were right, in percent, and whether all questions have been answered. */
function scoreOf(all) {
  const results = resultsOf(all);
  const first = results.filter(({ how, wrong }) => how === "right" && wrong === 0).length;
  return { score: Math.round((100 * first) / Math.max(1, results.length)), complete: results.every(({ how }) => how !== "open") };
}
