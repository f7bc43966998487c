// The parts of the page: on a wall one after the other, and their equations screen by screen.

const scenes = facts.parts;
let at = (Number(link.get("scene")) || 1) - 1; // the part on the wall

/** Divide the equations on a wall into screens: each has those of one layer, as many as fit. */
function intoScreens() {
  const first = screens[turned]?.[0];
  for (const line of $$(".off")) line.classList.remove("off");
  screens = [];
  let [end, before] = [-Infinity, null];
  for (const line of wall.present && $("section.step:not(.away)") ? $$(":is(.note, .row, .update, caption, tr)", $("#text")) : []) {
    if (!line.checkVisibility()) continue;
    const { top, bottom } = line.getBoundingClientRect();
    if (bottom > end || (line.matches(".head, caption") && !before?.matches(".note"))) {
      screens.push([]);
      end = top + innerHeight - $(".title").offsetHeight - 8;
    }
    screens.at(-1).push((before = line));
  }
  showScreen(Math.max(0, screens.findIndex((some) => some.includes(first))));
}

document.addEventListener("fitted", intoScreens, until);

function visit(number) {
  at = Math.max(0, Math.min(scenes.length - 1, number));
  for (const part of $$("[data-scene]")) part.classList.toggle("away", Boolean(wall.present) && !part.dataset.scene.split(" ").includes(scenes[at]));
  screens = [];
  scrollTo(0, 0);
  fitLabels();
  draw();
  fit();
  if (facts.form || state.flat.length > LONGEST_LINK) keep(onWall(wall.present && { scene: at + 1 })); // its address has no numbers
}

if (link.has("present")) present("bare");
