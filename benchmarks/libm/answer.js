// Answers lines such as "exp 3ff0000000000000 ..." by the values of that function, as the bits of float64.
"use strict";
const view = new DataView(new ArrayBuffer(8));
const power = (t) => Math.pow(0.999, t);

function answer(line) {
  const [name, ...words] = line.split(" ");
  const of = name === "power" ? power : Math[name];
  if (of === undefined) return "";
  return words
    .map((word) => {
      view.setBigUint64(0, BigInt("0x" + word));
      view.setFloat64(0, of(view.getFloat64(0)));
      return view.getBigUint64(0).toString(16).padStart(16, "0");
    })
    .join(" ");
}

require("readline")
  .createInterface({ input: process.stdin })
  .on("line", (line) => process.stdout.write(answer(line) + "\n"));
