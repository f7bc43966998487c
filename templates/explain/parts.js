// The parts of the page: those that it was written with, and on a wall one after the other.

const scenes = facts.parts;
let at = (Number(link.get("scene")) || 1) - 1; // the part on the wall

function visit(number) {
  at = Math.max(0, Math.min(scenes.length - 1, number));
  for (const part of $$("[data-scene]")) part.classList.toggle("away", Boolean(wall.present) && !part.dataset.scene.split(" ").includes(scenes[at]));
  scrollTo(0, 0);
  fitLabels();
  draw();
  fit();
  if (facts.form || state.flat.length > LONGEST_LINK) keep(onWall(wall.present && { scene: at + 1 })); // its address has no numbers
}

if (link.has("present")) present("bare");
