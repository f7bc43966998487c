// A course in a learning platform by SCORM 1.2: the pages are in a frame, and keep what has been done here.

/** The interface of the platform, which is in a page around this one or in that which opened it. */
function found(around) {
  for (let depth = 0; depth < 10; depth++) {
    try {
      if (around.API) return around.API;
      if (around.parent === around) return around.opener ? found(around.opener) : null;
      around = around.parent;
    } catch {
      return null; // a page of another place
    }
  }
  return null;
}

const api = found(window.parent === window ? (window.opener ?? window) : window.parent);
const begun = Date.now();
const get = (name) => (api ? String(api.LMSGetValue(name)) : "");
/** Whether the platform has taken a value; what it does not know is no error. */
const set = (name, value) => api !== null && String(api.LMSSetValue(name, String(value))) === "true";

/** A sign for an answer and its wrong tries: a digit, a small letter where it was shown, a capital one where it is open. */
const signFor = (kind, wrong) => (kind === "right" ? wrong : String.fromCharCode((kind === "shown" ? 97 : 65) + wrong));

/** What has been done in at most 4,096 characters: for each page its scene, its activities, and a sign for each question. */
function packed(all) {
  const pages = Object.entries(asked).map(([page, { asks, activities }]) => {
    const { scene, given, wrong, done } = doneOn(page, all);
    const signs = asks.map((name) => (given[name] || wrong[name] ? signFor(given[name]?.kind, Math.min(9, wrong[name] ?? 0)) : "-")).join("");
    const bits = activities.reduce((sum, name, i) => sum + (done.includes(name) ? 2 ** i : 0), 0);
    return all[page] ? `${scene.toString(36)}.${bits.toString(36)}.${signs.replace(/-+$/, "")}` : "";
  });
  return `1;${Object.keys(asked).indexOf(all.last)};${pages.join(";")}`;
}

function unpacked(text) {
  const [version, last, ...pages] = text.split(";");
  if (version !== "1") return {};
  const all = { last: Object.keys(asked)[last] };
  Object.entries(asked).forEach(([page, { asks, activities }], i) => {
    if (!pages[i]) return;
    const [scene, bits, signs] = pages[i].split(".");
    const mine = { scene: parseInt(scene, 36), given: {}, wrong: {}, done: activities.filter((_, k) => (parseInt(bits, 36) >> k) & 1) };
    [...signs].forEach((sign, k) => {
      if (sign === "-") return;
      const wrong = parseInt(sign, 10) || (sign >= "a" ? sign.charCodeAt(0) - 97 : sign >= "A" ? sign.charCodeAt(0) - 65 : 0);
      if (wrong) mine.wrong[asks[k]] = wrong;
      if (sign >= "a") mine.given[asks[k]] = { kind: "shown" };
      else if (sign < "A") mine.given[asks[k]] = { kind: "right" };
    });
    all[page] = mine;
  });
  return all;
}

let kept = {}; // what has been done
let count = 0; // of the interactions that the platform has

/** Tell the platform of an answer. */
function interaction(id, kind, result, response) {
  const name = `cmi.interactions.${count}`;
  if (!set(`${name}.id`, id)) return; // a platform may have none
  count += 1;
  set(`${name}.type`, kind);
  if (response !== undefined) set(`${name}.student_response`, String(response).slice(0, 255));
  set(`${name}.result`, result);
}

/** Tell the platform what is new: wrong tries and answers. */
function tell(all) {
  for (const [page, { asks, counts }] of Object.entries(asked)) {
    const [old, now] = [doneOn(page, kept), doneOn(page, all)];
    for (const name of counts ? asks : []) {
      const id = `${page}.${name}`;
      for (let more = old.wrong[name] ?? 0; more < (now.wrong[name] ?? 0); more++) interaction(id, "performance", "wrong");
      if (now.given[name] && !old.given[name]) interaction(id, "performance", now.given[name].kind === "right" ? "correct" : "neutral", now.given[name].given);
    }
  }
}

function send(all) {
  const { score, complete } = scoreOf(all);
  set("cmi.suspend_data", packed(all));
  set("cmi.core.score.min", 0);
  set("cmi.core.score.max", 100);
  set("cmi.core.score.raw", score);
  set("cmi.core.lesson_status", complete ? "completed" : "incomplete");
  api?.LMSCommit("");
}

if (api) {
  api.LMSInitialize("");
  kept = unpacked(get("cmi.suspend_data"));
  count = Number(get("cmi.interactions._count")) || 0;
  window.nngenShelf = {
    getItem: () => JSON.stringify(kept),
    setItem(_, text) {
      const all = JSON.parse(text);
      tell(all);
      kept = all;
      send(all);
    },
  };
  send(kept);
}

addEventListener("pagehide", () => {
  if (!api) return;
  const seconds = Math.round((Date.now() - begun) / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  set("cmi.core.session_time", parts.map((part, i) => String(part).padStart(i ? 2 : 4, "0")).join(":"));
  set("cmi.core.exit", "suspend");
  api.LMSFinish("");
});

document.querySelector("#course").src = "index.html"; // now that it finds what has been done
