// A wall to project on: one scene of a lesson, or one part of the page, fills it.

/** Fill a wall, `bare` or with the questions of a lesson (`asks`); or show the page as it was. */
function present(how) {
  if (how) wall.present = how;
  else delete wall.present;
  $("#present").setAttribute("aria-pressed", String(Boolean(how)));
  visit(at);
}

/** What the address of the page has, and that a wall shows it. */
const onWall = (more) => new URLSearchParams({ ...(wall.present && { present: "" }), ...more });

let screens = []; // of equations on a wall: the lines of each
let turned = 0; // the screen that is shown

/** Show a screen of equations; false if there is none. */
function showScreen(number) {
  if (!screens[number]) return false;
  turned = number;
  for (const line of screens.flat()) line.classList.toggle("off", !screens[number].includes(line));
  scrollTo(0, scrollY + screens[number][0].getBoundingClientRect().top - $(".title").offsetHeight);
  return true;
}
/** Turn on: by a screen where a part is longer, then to the next one; after a lesson follows the next lesson. */
function turnOn(by) {
  if (showScreen(turned + by)) return;
  const seen = scrollY;
  if (!screens.length) scrollBy(0, 0.85 * by * innerHeight);
  if (scrollY !== seen) return;
  if (at + by === scenes.length && $("#onward")) location.href = `${$("#onward").href}#present`;
  else if (scenes[at + by]) visit(at + by);
}

$("#present").addEventListener("click", () => present(wall.present ? "" : "bare"), until);
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input:not([type=range]), select") || event.ctrlKey || event.altKey || event.metaKey) return;
  const by = { PageDown: 1, ArrowRight: 1, " ": event.shiftKey ? -1 : 1, PageUp: -1, ArrowLeft: -1 }[event.key];
  if (event.key === "p") present(wall.present ? "" : "bare");
  else if (!wall.present) return;
  else if (event.key === "Escape") present("");
  else if (event.key === "q") present(wall.present === "bare" ? "asks" : "bare");
  else if (event.key === "d") $("#theme").click();
  else if (by) turnOn(by);
  else return;
  event.preventDefault();
  event.stopPropagation();
}, { capture: true, ...until });
