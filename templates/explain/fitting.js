// Fits the equations to the width of the page, with symbols and with numbers.

const numbered = () => document.documentElement.classList.contains("numbers");
const INVISIBLE_TIMES = "\u2062";
const products = $$(".equation mo").filter((sign) => sign.textContent === INVISIBLE_TIMES);

/** Let a sum continue on the next line: MathML does not break, but a line breaks between two elements. */
function breakable(math) {
  const sum = math.lastElementChild;
  if (sum?.localName !== "mrow") return;
  let part = null;
  for (const child of [...sum.children]) {
    const sign = child !== sum.firstElementChild && child.localName === "mo" && "+−".includes(child.textContent);
    if (sign) {
      child.setAttribute("form", "infix"); // a sign between two terms, though it is now the first element
      math.parentElement.classList.add("broken");
      part = document.createElementNS(math.namespaceURI, "math");
      math.parentElement.append(part);
    }
    part?.append(child);
  }
}
for (const math of $$(".row .equation > math")) breakable(math);

const tooLong = (box) => box.scrollWidth > box.clientWidth + 1;

const fitted = $$(".general, section.step");
let fits = 0; // how often the equations were fitted

/** Fit the equations, part by part with pauses: to measure all of them at once would take most of the time of an edit. */
async function fit() {
  const mark = ++fits;
  delete document.documentElement.dataset.ready;
  for (const sign of products) sign.textContent = numbered() ? "·" : INVISIBLE_TIMES; // 2 3 would be read as 23
  for (const part of fitted) {
    await new Promise((done) => setTimeout(done));
    if (mark !== fits || leaving.signal.aborted) return;
    fitPart(part);
  }
  document.dispatchEvent(new Event("fitted"));
  document.documentElement.dataset.ready = "true";
}

/** Give long equations a line of their own. The keyboard can scroll those that are still too long. */
function fitPart(part) {
  const boxes = $$(".equation, dd", part);
  for (const box of boxes) {
    box.parentElement.classList.remove("wide");
    box.removeAttribute("tabindex");
  }
  const long = boxes.filter((box) => tooLong(box) || box.childElementCount > 3); // measure all before changing one
  for (const box of long) box.parentElement.classList.add("wide");
  for (const box of long.filter(tooLong)) box.tabIndex = 0;
}
