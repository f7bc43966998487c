// The parts of the page: those that it was written with, and on a wall one after the other.

const scenes = facts.parts;
let at = (Number(link.get("scene")) || 1) - 1; // the part on the wall

function showParts() {
  const shown = wall.present ? [scenes[at]] : scenes;
  for (const part of $$("[data-scene]")) part.classList.toggle("away", !part.dataset.scene.split(" ").some((name) => shown.includes(name)));
}

function visit(number) {
  at = Math.max(0, Math.min(scenes.length - 1, number));
  showParts();
  scrollTo(0, 0);
  colours.clear();
  fitLabels();
  draw();
  fit();
  if (facts.form || state.flat.length > LONGEST_LINK) keep(onWall(wall.present && { scene: at + 1 })); // its address has no numbers
}

showParts();
if (link.has("present")) present("bare");
