// Bundles each of the named files by esbuild, rollup and vite, as applications do. Prints the texts, by bundler.
import { readFileSync } from "node:fs";
import { build } from "esbuild";
import { rollup } from "rollup";
import { build as bundle } from "vite";

const bundlers = {
  esbuild: async (file) => {
    const made = await build({ entryPoints: [file], bundle: true, format: "esm", minify: true, write: false });
    return made.outputFiles[0].text;
  },
  rollup: async (file) => {
    const made = await rollup({ input: file, onwarn: () => {} }); // that a bundle is empty is what is asked
    return (await made.generate({ format: "es" })).output[0].code;
  },
  vite: async (file) => {
    const made = await bundle({ configFile: false, logLevel: "silent", build: { ssr: file, write: false } });
    return made.output[0].code;
  },
};

const files = JSON.parse(readFileSync(0, "utf8"));
const done = {};
for (const [name, bundler] of Object.entries(bundlers)) {
  done[name] = await Promise.all(files.map(bundler));
}
process.stdout.write(JSON.stringify(done));
