// Answers what an editor asks while a spec is written: the language services behind VS Code and other editors, with the
// schema that is named on the command line. Jobs come as JSON on standard input, the answers go to standard output.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);
const services = { yaml: require("yaml-language-server"), json: require("vscode-json-languageservice") };
const { ClientCapabilities, TextDocument } = services.json;

const file = process.argv[2];
const location = pathToFileURL(file).href;
const settings = {
  schemaRequestService: async (asked) => {
    if (asked !== location) throw new Error(`asked for ${asked}`);
    return readFileSync(file, "utf8");
  },
  workspaceContext: { resolveRelativePath: (path, from) => new URL(path, from).href },
  clientCapabilities: ClientCapabilities.LATEST,
  telemetry: { send() {}, sendTrack() {}, sendError(what, error) { throw error; } },
};
const [yaml, json] = [services.yaml, services.json].map(({ getLanguageService }) => getLanguageService(settings));
yaml.configure({ validate: true, hover: true, completion: true, customTags: [], yamlVersion: "1.2", schemas: [{ uri: location, fileMatch: ["*.yaml"] }] });
json.configure({ validate: true, schemas: [{ uri: location, fileMatch: ["*.json"] }] });

const answers = {
  yaml: {
    diagnostics: (document) => yaml.doValidation(document, false),
    hover: (document, place) => yaml.doHover(document, place),
    completion: (document, place) => yaml.doComplete(document, place, false),
  },
  json: {
    diagnostics: (document) => json.doValidation(document, json.parseJSONDocument(document)),
    hover: (document, place) => json.doHover(document, place, json.parseJSONDocument(document)),
    completion: (document, place) => json.doComplete(document, place, json.parseJSONDocument(document)),
  },
};

const given = [];
for (const [number, { language, asks, text, offset }] of JSON.parse(readFileSync(0, "utf8")).entries()) {
  const name = new URL(`spec${number}.${language}`, location).href; // a document of its own: the services keep what they read
  const document = TextDocument.create(name, language, 1, text);
  given.push((await answers[language][asks](document, document.positionAt(offset))) ?? null);
}
process.stdout.write(JSON.stringify(given));
