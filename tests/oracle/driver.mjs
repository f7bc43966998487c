// Runs jobs: each is the body of a function of a module m and of what is given. Prints what they return, or throw.
import { readFileSync } from "node:fs";

const jobs = JSON.parse(readFileSync(0, "utf8"));
const done = [];
for (const { module, body, given } of jobs) {
  const m = await import(module);
  try {
    done.push({ gives: new Function("m", "given", body)(m, given) });
  } catch (error) {
    done.push({ throws: `${error.name}: ${error.message}` });
  }
}
process.stdout.write(JSON.stringify(done));
