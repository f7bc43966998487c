// The editor of specs: colours, completion from the JSON Schema, and marks at mistakes.
import { autocompletion } from "@codemirror/autocomplete";
import { isolateHistory } from "@codemirror/commands";
import { yaml, yamlLanguage } from "@codemirror/lang-yaml";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, hoverTooltip } from "@codemirror/view";
import { basicSetup } from "codemirror";
import { stateExtensions } from "codemirror-json-schema";
import { yamlCompletion, yamlSchemaHover } from "codemirror-json-schema/yaml";

export class Editor {
  /**
   * @param {HTMLElement} parent
   * @param {object} schema the JSON Schema of specs
   * @param {(text: string) => void} changed called after each change
   * @param {string} label what the editor is, for screen readers
   */
  constructor(parent, schema, changed, label) {
    this.silent = false;
    this.view = new EditorView({
      parent,
      extensions: [
        basicSetup,
        yaml(),
        lintGutter(),
        autocompletion(),
        yamlLanguage.data.of({ autocomplete: yamlCompletion() }),
        hoverTooltip(yamlSchemaHover()),
        stateExtensions(schema),
        EditorState.tabSize.of(2),
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !this.silent) changed(this.text);
        }),
      ],
    });
  }

  get text() {
    return this.view.state.doc.toString();
  }

  set text(text) {
    this.silent = true;
    const annotations = isolateHistory.of("full"); // to be undone on its own
    this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: text }, annotations });
    this.silent = false;
  }

  /** Mark mistakes, each with a line and a column from 1, a width and a text; a line of 0 has no place. */
  mark(mistakes) {
    const found = mistakes.filter(({ line }) => line > 0).map((mistake) => ({ ...this.#place(mistake), severity: "error", message: mistake.text }));
    this.view.dispatch(setDiagnostics(this.view.state, found));
  }

  /** Select the place of a mistake. */
  select(mistake) {
    const { from, to } = this.#place(mistake);
    this.view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true });
    this.view.focus();
  }

  #place({ line, column, width }) {
    const { doc } = this.view.state;
    const row = doc.line(Math.min(line, doc.lines));
    const places = [...row.text].reduce((ends, character) => [...ends, ends.at(-1) + character.length], [0]); // of characters
    const at = (place) => row.from + places[Math.min(Math.max(place, 0), places.length - 1)];
    return { from: at(column - 1), to: at(column - 1 + width) };
  }
}
