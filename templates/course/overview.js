// The overview: what this learner has begun, where to go on, a result to hand in, and a fresh start.

document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
const $ = (selector) => document.querySelector(selector);
const items = [...document.querySelectorAll(".lessons li")];

function show() {
  const all = remembered();
  for (const item of items) item.classList.toggle("visited", Object.keys(doneOn(item.dataset.page, all).given).length > 0);
  const done = items.filter((item) => item.classList.contains("visited")).length;
  if (!$("#progress")) return;
  $("#progress").textContent = done ? $("#progress").dataset.says.replace("{done}", done).replace("{all}", items.length) : "";
  const last = asked[all.last];
  for (const part of ["#continue", "#result", "#reset"]) $(part).hidden = !last;
  if (!last) return;
  $("#continue").href = `${all.last}.html`;
  $("#continue").textContent = $("#continue").dataset.says.replace("{title}", last.title).replace("{number}", doneOn(all.last, all).scene + 1);
  $("#name").value = all.name ?? "";
}
show();
addEventListener("pageshow", show); // also after the button of the browser that leads back

$("#name")?.addEventListener("change", ({ target }) => store({ ...remembered(), name: target.value }));

let sure = false;
$("#reset")?.addEventListener("click", () => {
  $("#said").textContent = sure ? "" : $("#reset").dataset.sure;
  if (sure) {
    store({});
    $("#name").value = "";
    show();
  }
  sure = !sure;
});

/** A cell of a table that no spreadsheet takes for a formula. */
const cell = (value) => `"${String(value).replace(/^[-=+@\t\r]/, " $&").replaceAll('"', '""')}"`;

$("#result")?.addEventListener("click", () => {
  const all = remembered();
  const { score } = scoreOf(all);
  const rows = [["name", all.name ?? ""], ["first tries right in %", score], ["lesson", "question", "answer", "wrong tries"], ...resultsOf(all).map(({ page, name, how, wrong }) => [page, name, how, wrong])];
  const text = rows.map((row) => row.map(cell).join(",")).join("\r\n");
  const link = Object.assign(document.createElement("a"), { download: "result.csv", href: URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
});
