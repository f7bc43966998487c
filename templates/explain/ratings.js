// The table of all pairs: given ratings, held-out ones, and what the network predicts.

const MOST_LISTED = 40; // rows and columns
const ratings = $("#ratings");
const ratingCells = [];

if (facts.rates) {
  const made = document.createElement("table");
  const listedIds = ids.map((each, place) => Array.from({ length: Math.min(each.count, MOST_LISTED) }, (_, row) => idName(place, row)));
  const note = paragraph("note");
  const counts = { rows: listedIds[0].length, columns: listedIds[1].length };
  const all = ids.every((each, i) => each.count === listedIds[i].length);
  note.textContent =
    say("Bold: a given rating; in parentheses: held out. The other number is predicted. Click a cell to see its equations.") +
    (all ? "" : ` ${say("The first {rows} rows and {columns} columns.", counts)}`);
  const head = made.createTHead().insertRow();
  head.append(document.createElement("td"));
  const heading = (row, text, scope) => {
    const cell = document.createElement("th");
    [cell.scope, cell.textContent] = [scope, text];
    row.append(cell);
  };
  for (const name of listedIds[1]) heading(head, name, "col");
  const body = made.createTBody();
  listedIds[0].forEach((name, i) => {
    const row = body.insertRow();
    heading(row, name, "row");
    listedIds[1].forEach((_, j) => {
      const element = row.insertCell();
      const rating = given.get(pair([i, j]));
      if (rating) {
        const number = document.createElement("b");
        number.textContent = rating.example === null ? `(${written(rating.value)})` : written(rating.value);
        element.append(number, " ");
      }
      const predicted = document.createElement("span");
      element.append(predicted);
      ratingCells.push({ x: [i, j], element, predicted });
    });
  });
  made.addEventListener("click", (event) => {
    const found = ratingCells.find(({ element }) => element === event.target.closest("td"));
    if (found) choosePair(found.x);
  });
  ratings.append(made);
  ratings.before(note);
}

function drawRatings() {
  if (!facts.rates || state.failure) return;
  const params = live.unpack(state.flat);
  for (const { x, element, predicted } of ratingCells) {
    const [value] = live.forward(params, x);
    predicted.textContent = short(value);
    element.dataset.exact = String(value);
    element.classList.toggle("current", pair(x) === pair(state.x));
  }
}
