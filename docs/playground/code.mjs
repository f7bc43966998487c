// The code of a module: colours, folding, search, and marked lines.
import { foldService, StreamLanguage } from "@codemirror/language";
import { c, clike, csharp, java } from "@codemirror/legacy-modes/mode/clike";
import { go } from "@codemirror/legacy-modes/mode/go";
import { javascript } from "@codemirror/legacy-modes/mode/javascript";
import { lua } from "@codemirror/legacy-modes/mode/lua";
import { python } from "@codemirror/legacy-modes/mode/python";
import { rust } from "@codemirror/legacy-modes/mode/rust";
import { Compartment, EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView } from "@codemirror/view";
import { basicSetup } from "codemirror";

const listed = (words) => Object.fromEntries(words.split(" ").map((word) => [word, true]));

const php = clike({
  name: "php",
  keywords: listed(
    "as break case catch class const continue declare default do else elseif final finally for foreach function if " +
      "instanceof namespace new private public return self static switch throw try use while",
  ),
  types: listed("array bool callable float int iterable mixed object string void"),
  atoms: listed("false null true INF NAN"),
  blockKeywords: listed("catch do else elseif finally for foreach if switch try while"),
  multiLineStrings: true,
  hooks: {
    $(stream) {
      stream.match(/^\w+/);
      return "variable";
    },
  },
});

const LANGUAGES = { python, numpy: python, javascript, c, rust, go, java, csharp, lua, php };

const indented = (text) => text.search(/\S/);

/** A line folds the deeper lines below it, in any language. */
const folding = foldService.of(({ doc }, start) => {
  const line = doc.lineAt(start);
  const depth = indented(line.text);
  let end = line.to;
  for (let number = line.number + 1; depth >= 0 && number <= doc.lines; number++) {
    const below = doc.line(number);
    if (indented(below.text) < 0) continue;
    if (indented(below.text) <= depth) break;
    end = below.to;
  }
  return end > line.to ? { from: line.to, to: end } : null;
});

const marking = StateEffect.define();
const marks = StateField.define({
  create: () => Decoration.none,
  update(found, transaction) {
    const given = transaction.effects.find((effect) => effect.is(marking));
    return given ? Decoration.set(given.value.map((from) => Decoration.line({ class: "marked" }).range(from))) : found.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

export class Code {
  #language = new Compartment();
  #view;

  /**
   * @param {HTMLElement} parent it also gets the text, as its property `text`
   * @param {(line: number) => void} clicked called with the number of a line
   * @param {string} label what it is, for screen readers
   */
  constructor(parent, clicked, label) {
    this.parent = parent;
    this.#view = new EditorView({
      parent,
      extensions: [
        basicSetup,
        folding,
        marks,
        this.#language.of([]),
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.contentAttributes.of({ tabindex: "0", "aria-label": label, role: "textbox", "aria-multiline": "true", "aria-readonly": "true" }),
        EditorView.domEventHandlers({
          mousedown(event, view) {
            const place = view.posAtCoords(event);
            if (place !== null) clicked(view.state.doc.lineAt(place).number);
          },
        }),
      ],
    });
  }

  /** Show a text in a language of LANGUAGES, or without colours. */
  show(text, name) {
    if (this.parent.text === text) return;
    this.parent.text = text;
    const language = LANGUAGES[name] ? StreamLanguage.define(LANGUAGES[name]) : [];
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text }, effects: this.#language.reconfigure(language) });
  }

  /** Mark lines by their numbers, in order, and perhaps show the first one. */
  mark(lines, shown) {
    const { doc } = this.#view.state;
    const from = lines.map((line) => doc.line(line).from);
    const effects = [marking.of(from)];
    if (shown && from.length) effects.push(EditorView.scrollIntoView(from[0], { y: "center" }));
    this.#view.dispatch({ effects });
  }
}
