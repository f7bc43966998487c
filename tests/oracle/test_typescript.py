"""The types beside a module of JavaScript: a strict program, a project of Vite, and all that a module exports."""

import json
from pathlib import Path

import pytest

from nngen.description.data import encoding
from nngen.description.model import JavaScriptTarget, Spec
from nngen.plan import plan, unfit
from nngen.targets import as_module, texts
from nngen.targets.render import types
from tests.oracle.node import node
from tests.support import predictors
from tests.support.integers import path_of, trained
from tests.support.modules import ROOT, SPECS, spec

pytestmark = pytest.mark.oracle

MODULES = ROOT / "tests" / "oracle" / "node_modules"
STRICT = {"strict": True, "noEmit": True, "types": [], "target": "es2022", "module": "esnext", "lib": ["es2022", "dom"]}

PROGRAM = """import { predict, predict_proba, TRAINED, type Row } from "./penguins.mjs";

const body = { bill_length_mm: 46.5, bill_depth_mm: 17.9, flipper_length_mm: 192, body_mass_g: 3500 };
const row: Row = { ...body, island: "Dream", sex: null };
const answer: "Adelie" | "Chinstrap" | "Gentoo" = predict(TRAINED, row);
const share: number = predict_proba(TRAINED, row).Chinstrap;
document.title = `${answer} ${share > 0.5}`;
"""
"""Everything that TypeScript has to know of penguins."""

MISTAKES = """
// @ts-expect-error there is no such island
export const strange: Row = { ...body, island: "Dreem", sex: null };
// @ts-expect-error a number is no text
export const text: Row = { ...body, bill_depth_mm: "17.9", island: "Dream", sex: null };
// @ts-expect-error columns are missing
export const short: Row = body;
// @ts-expect-error there is no such class
export const other: number = predict_proba(TRAINED, row).Emperor;
"""


def files(one: Spec, folder: Path, parameters: list[float] | None = None) -> dict[str, str]:
    """A module with all parts and the types beside it."""
    typed = one.model_copy(update={"targets": (JavaScriptTarget(name="javascript", types=True),)})
    how = encoding(one, folder)
    parts = ["all", *["sensitivity"] * (not unfit(plan(one))), *["notes"] * (how is not None and how.predicts)]
    return texts(typed, folder, contents=parts, parameters=parameters)


def penguins() -> dict[str, str]:
    return files(spec(path_of("penguins")), path_of("penguins").parent, trained("penguins"))


def checked(folder: Path, **options: object) -> str:
    """What TypeScript says of all programs in a folder; nothing if they are right."""
    settings = {"compilerOptions": {**STRICT, **options}, "include": ["**/*.ts"], "exclude": []}
    (folder / "tsconfig.json").write_text(json.dumps(settings))
    return node(str(MODULES / "typescript" / "bin" / "tsc"), "--project", str(folder)).stdout


def test_a_strict_program_knows_columns_categories_and_classes(tmp_path: Path) -> None:
    made = penguins()
    (tmp_path / "penguins.mjs").write_text(made["javascript"], "utf-8")
    (tmp_path / "main.ts").write_text(PROGRAM + MISTAKES, "utf-8")
    assert "implicitly has an 'any' type" in checked(tmp_path)
    (tmp_path / "penguins.d.mts").write_text(made["types"], "utf-8")
    assert checked(tmp_path) == ""


def test_a_project_of_vite_takes_what_it_calls(tmp_path: Path) -> None:
    made = penguins()
    for name, text in {"penguins.mjs": made["javascript"], "penguins.d.mts": made["types"], "main.ts": PROGRAM}.items():
        (tmp_path / name).write_text(text, "utf-8")
    config = "export default { build: { modulePreload: { polyfill: false } } };"  # it needs a whole document
    (tmp_path / "vite.config.mjs").write_text(config, "utf-8")
    (tmp_path / "index.html").write_text('<!doctype html><script type="module" src="/main.ts"></script>', "utf-8")
    done = node(str(MODULES / "vite" / "bin" / "vite.js"), "build", str(tmp_path), "--logLevel", "warn", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (bundle,) = (tmp_path / "dist" / "assets").glob("*.js")
    built = bundle.read_text("utf-8")
    assert "Chinstrap" in built
    assert not [said for said in ("batches of at least 1", "differences of the loss") if said in built]  # no training
    shown = f"globalThis.document = {{}}; await import({json.dumps(str(bundle))}); console.log(document.title);"
    page = texts(spec(path_of("penguins")), path_of("penguins").parent, ["python"], parameters=trained("penguins"))
    net = as_module("penguins", page["python"]).__dict__
    body = {"bill_length_mm": 46.5, "bill_depth_mm": 17.9, "flipper_length_mm": 192, "body_mass_g": 3500}
    row = {**body, "island": "Dream", "sex": None}
    answer, shares = net["predict"](net["TRAINED"], row), net["predict_proba"](net["TRAINED"], row)
    found = node("--input-type=module", "--eval", shown).stdout
    assert found == f"{answer} {str(shares['Chinstrap'] > 0.5).lower()}\n"


def test_types_are_those_of_the_comments(tmp_path: Path) -> None:
    """What a module exports can stand for what its types declare but for stricter ones, and they leave nothing out."""
    networks = [(spec(path), path.parent) for path in SPECS]
    made = {one.name: files(one, folder) for one, folder in networks}
    for name, one in {**predictors.NETWORKS, "hostile": predictors.hostile()}.items():
        text = predictors.page(one, "javascript", "layers")
        made[f"predictor_{name}"] = {"javascript": text, "types": types(plan(one, predictors.encoding(one)), text)}
    for name, two in made.items():
        for folder, kinds in {"plain": ("javascript",), "typed": ("javascript", "types")}.items():
            (tmp_path / folder).mkdir(exist_ok=True)
            for kind in kinds:
                end = ".mjs" if kind == "javascript" else ".d.mts"
                (tmp_path / folder / f"{name}{end}").write_text(two[kind], "utf-8")
        (tmp_path / f"{name}.ts").write_text(
            f"""import * as plain from "./plain/{name}.mjs";
import * as typed from "./typed/{name}.mjs";
type Same = Omit<typeof typed, "predict_proba" | "TYPICAL">;
export const same: Same = plain;
type More = Exclude<keyof typeof plain, keyof typeof typed>;
export const complete: [More] extends [never] ? true : false = true;
""",
            "utf-8",
        )
    assert checked(tmp_path, allowJs=True) == ""
