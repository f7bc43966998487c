// The overview: what this learner has begun, and a link to share.

document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
const $ = (selector) => document.querySelector(selector);
let known = {};
try {
  known = JSON.parse(localStorage.getItem("nngen-course")) ?? {};
} catch {
  // a browser may forbid storage
}
const items = [...document.querySelectorAll(".lessons li")];
for (const item of items) item.classList.toggle("visited", Object.keys(known[item.dataset.page]?.given ?? {}).length > 0);
const done = items.filter((item) => item.classList.contains("visited")).length;
if ($("#progress")) $("#progress").textContent = done ? $("#progress").dataset.says.replace("{done}", done).replace("{all}", items.length) : "";
$("#copy")?.addEventListener("click", async ({ target }) => {
  try {
    await navigator.clipboard.writeText(location.href);
    $("#copied").textContent = target.dataset.done;
  } catch {
    $("#copied").textContent = location.href; // to copy by hand
  }
});
