// What a learner has done, by page: kept in this browser, or by the page around this one in a learning platform.

const REMEMBERED = "nngen-course";
let unstored = null; // what has been done since the browser refused to store it

function shelf() {
  let around = null;
  try {
    around = parent.nngenShelf;
  } catch {
    // a page of another place is around this one
  }
  return around ?? localStorage;
}

/** What has been done. A browser may forbid storage, or have no room: the course works without memory. */
function remembered() {
  if (unstored) return unstored;
  try {
    return JSON.parse(shelf().getItem(REMEMBERED)) ?? {};
  } catch {
    return {};
  }
}

function store(all) {
  try {
    shelf().setItem(REMEMBERED, JSON.stringify(all));
  } catch {
    unstored = all;
  }
}

/** What has been done on a page: its last scene, answers, wrong tries by question, activities. */
const doneOn = (page, all = remembered()) => ({ scene: 0, given: {}, wrong: {}, done: [], ...all[page] });
