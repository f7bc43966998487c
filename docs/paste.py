"""The generated parts of the documentation: output of commands, parts of files, tables of the spec format.

``python docs/paste.py`` pastes them into the pages with cog; ``--check`` changes nothing, and fails if a page would
change.
"""

import ast
import itertools
import json
import keyword
import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from cogapp import Cog  # type: ignore[import-untyped]  # it has no types

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # before other packages that are called tests

from nngen.bridges.exporting.frameworks import source
from nngen.cli import main
from nngen.commands.formulas import tables
from nngen.commands.proposal import NETWORKS
from nngen.common.aliases import FIELDS, NAMES
from nngen.description.data.cells import LARGEST as LARGEST_OF_TABLE
from nngen.description.data.sources import MAX_FILE, MAX_ROWS
from nngen.description.model.custom_formulas import LARGEST_TARGET, MAX_CUSTOM
from nngen.description.model.data import MAX_EXAMPLES
from nngen.description.model.fields import CUSTOM_NAME, MAX_CHARACTERS, MAX_UNITS, MAX_WEIGHT
from nngen.description.model.names import (
    C_GLOBALS,
    DEVICES,
    MAX_NAME,
    RESERVED,
    RESERVED_INPUTS,
    SCRIPT_GLOBALS,
)
from nngen.description.model.schema import schema
from nngen.description.model.spec import MAX_LAYERS, Spec
from nngen.description.model.targets import MAX_UNROLLED
from nngen.mathematics.catalogue import CLIPS, OPTIMIZERS, SCHEDULES
from nngen.mathematics.catalogue.activations import ACTIVATIONS
from nngen.mathematics.catalogue.entry import Entry
from nngen.mathematics.catalogue.initializers import INITIALIZERS
from nngen.mathematics.catalogue.kinds import KINDS as LAYER_KINDS
from nngen.mathematics.catalogue.losses import LOSSES
from nngen.mathematics.catalogue.normalizations import NORMALIZATIONS
from nngen.mathematics.catalogue.penalties import PENALTIES
from nngen.mathematics.catalogue.stop_rules import STOP_RULES
from nngen.mathematics.formulas.grammar import FUNCTIONS
from nngen.mathematics.formulas.user_text import LARGEST, MAX_LEVELS, MAX_TEXT
from nngen.plan.planner import plan
from nngen.reading.checks.all import MAX_BLOCKS, MAX_NAMED, MAX_PARAMETERS
from nngen.reading.checks.structure import MAX_ORTHOGONAL
from nngen.reading.schema_words import in_words
from nngen.reading.source import MAX_BYTES, MAX_VALUES, load
from nngen.reading.yaml_reader import MAX_DEPTH
from nngen.reading.yaml_scalars import MAX_DIGITS
from nngen.targets import TARGETS
from nngen.targets.c import MAX_SCALARS_OF_C
from nngen.targets.java import MAX_SCALARS_OF_JAVA, MAX_UNROLLED_OF_JAVA
from nngen.targets.modules import MAX_PAGE, as_module, texts
from nngen.targets.python import MAX_BRANCHES
from nngen.targets.render import render
from nngen.targets.target import MAX_COMPILED, MAX_SCALARS, MAX_TRAINED, MAX_TRAINED_OF_OTHERS
from tests.support.activations import ROWS

ROOT = Path(__file__).resolve().parent.parent
LIBM = ROOT / "benchmarks" / "libm.json"
GENERATOR = ROOT / "benchmarks" / "generator.json"
EXAMPLE = ROOT / "docs" / "smoke.yaml"

KINDS = {
    "NumberStyle": "a [style of numbers](#numbers-as-people-write-them)",
    "activation": "an [activation](#activations)",
    "normalization": "a [normalization](#normalization)",
    "initial": "an [initializer](#initializers)",
    "loss": "a [loss](#loss)",
    "optimizer": "an [optimizer](#optimizers)",
    "schedule": "a [schedule](#schedules)",
    "clip": "a [clip](#clipping)",
    "penalty": "a [penalty](#penalties)",
    "stop": "a [stop](#stopping)",
    "CustomActivation": "a [custom activation](#formulas-of-your-own)",
    "CustomLoss": "a [custom loss](#formulas-of-your-own)",
    "Group": "a [group](#inputs)",
    "Numbered": "`{name: NAME, size: N}`",
    "Label": "`{column: NAME, normal: TEXT}`",
    "Layer": "[layers](#layers)",
    "Weights": "[weights](#weights-and-bias)",
    "Bias": "a [bias](#weights-and-bias)",
    "Initial": "[initial values](#initial-values)",
    "Training": "[training](#training)",
    "Rows": "[rows](#rows-in-the-spec)",
    "Table": "a [file](#a-file)",
    "Example": "[examples](#rows-in-the-spec)",
    "Split": "a [split](#split)",
    "Numeric": "a [column of numbers](#columns)",
    "Categorical": "a [column of categories](#columns)",
    "Index": "a [column of ids](#columns)",
    "Dated": "a [column of dates](#dates-and-times)",
    "FillCategory": "`{category: NAME}`",
    "Values": "[constants](#constants-without-data)",
    "Unscaled": "`none`",
    "Standardize": "a [scale](#scale)",
    "RobustScale": "a [scale](#scale)",
    "LogScale": "a [scale](#scale)",
    "AnswerRange": "`{low: A, high: B}`",
    "Calibrated": "`{level: 0.9, score: NUMBER}`",
    "Interval": "a [scale](#scale)",
    "Divide": "a [scale](#scale)",
    **dict.fromkeys("Monotone Never Between Equal Robust".split(), "[properties](prove.md#does-it-answer-as-you-need)"),
    "PythonTarget": "[targets](#targets)",
    "NumpyTarget": "[targets](#targets)",
    "JavaScriptTarget": "[targets](#targets)",
    "CTarget": "[targets](#targets)",
    "RustTarget": "[targets](#targets)",
    "GoTarget": "[targets](#targets)",
    "JavaTarget": "[targets](#targets)",
    "CSharpTarget": "[targets](#targets)",
    "LuaTarget": "[targets](#targets)",
    "PhpTarget": "[targets](#targets)",
    "Matrices": "`{name: values, values: ...}`",
    "Vector": "`{name: values, values: ...}`",
}
"""The names of the schema's mappings in the tables, each with a link to its description."""

WORDS = ("with", "over the outputs", "targets", "source", "source of the default")
"""The columns of ``nngen formulas`` that are no formulas."""

OWN_LANGUAGE = (
    "nngen build xor.yaml --target ./perl.py",
    "nngen verify generated/perl/xor.pl --target ./perl.py",
    "nngen train xor.yaml --save xor.json",
    "nngen build xor.yaml --target ./perl.py --params xor.json",
)
"""The commands of the page about a language of one's own."""

whole_schema = cache(schema)
"""The schema, of which many tables show a part."""

CATALOGUES: Mapping[str, Mapping[str, Entry]] = {
    "activation": ACTIVATIONS,
    "normalization": NORMALIZATIONS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "clip": CLIPS,
    "penalty": PENALTIES,
    "stop": STOP_RULES,
    "initializer": INITIALIZERS,
}


def command(line: str, *, show: tuple[str, str] = ("", ""), edit: tuple[str, str] = ("", "")) -> None:
    """A command of nngen and its output. It runs beside the specs and the example of the documentation.

    Args:
        line: the command.
        show: print only the lines from the first that begins with one text to the next that begins with the other.
        edit: a text of the example, and its replacement.
    """
    runner = CliRunner()
    with runner.isolated_filesystem():
        shutil.copytree(ROOT / "specs", "specs")
        Path(EXAMPLE.name).write_text(EXAMPLE.read_text("utf-8").replace(*edit), "utf-8")
        output = runner.invoke(main, shlex.split(line)[1:]).output.rstrip()
    _fence("console", f"$ {line}\n{_between(output.splitlines(), *show)}")


def session(*lines: str, module: str, answer: str, show: tuple[str, ...]) -> None:
    """Commands of nngen, one after the other, and an expression of the module of Python that they build.

    Args:
        lines: the commands.
        module: the name of the network.
        answer: an expression with the module's name in it.
        show: print only the lines of output that begin with one of these texts, and a mark for others.
    """
    runner = CliRunner()
    printed = []
    with runner.isolated_filesystem():
        shutil.copytree(ROOT / "specs", "specs")
        for line in lines:
            output = runner.invoke(main, shlex.split(line)[1:]).output.splitlines()
            printed.append(f"$ {line}")
            for is_shown, said in itertools.groupby(output, lambda text: text.startswith(show)):
                printed += said if is_shown else ["…"]
        text = Path("out", "python", f"{module}.py").read_text("utf-8")
        found = eval(answer, {module: as_module(module, text)})  # noqa: S307 (our own expression)
    _fence(
        "console",
        "\n".join([*printed, "$ cd out/python; python", f">>> import {module}", f">>> {answer}", repr(found)]),
    )


def table_to_answer() -> None:
    """The way from a table with gaps and texts to a module that answers."""
    row = '"island": "Dream", "bill_length_mm": 46.5, "bill_depth_mm": 17.9, "flipper_length_mm": 192'
    session(
        "nngen init specs/data/penguins.csv --target species -o penguins.yaml",
        "nngen train penguins.yaml --save penguins.json",
        "nngen build penguins.yaml --params penguins.json --target python --out out",
        module="penguins",
        answer=f'penguins.predict(penguins.TRAINED, {{{row}, "body_mass_g": 3500, "sex": None}})',
        show=("wrote", "held-out examples"),
    )


def verify(path: str, *, edit: tuple[str, str] = ("", ""), start: str = "") -> None:
    """The output of ``nngen verify`` for an edited module, from the first line that begins with ``start``.

    A dot replaces errors, because rounding differs between machines.
    """
    runner = CliRunner()
    with runner.isolated_filesystem():
        shutil.copytree(ROOT / "specs", "specs")
        module = Path(path).name
        Path(module).write_text((ROOT / path).read_text("utf-8").replace(*edit), "utf-8")
        output = runner.invoke(main, ["verify", module]).output.rstrip()
    _fence("console", f"$ nngen verify {module}\n{_between(_without_errors(output).splitlines(), start, '')}")


def _without_errors(output: str) -> str:
    """The table of ``nngen verify`` with a dot in place of each error."""
    return re.sub(r"^(.+?) *[0-9]\S*(?=  +[0-9]\S*  right$)", _dotted, output, flags=re.MULTILINE)


def _dotted(row: re.Match[str]) -> str:
    return f"{row[1]:<{len(row[0]) - 1}}."


def own_language() -> None:
    """The commands that build, verify and run a module of the language in ``examples/own_language``."""
    runner = CliRunner()
    lines = []
    with runner.isolated_filesystem():
        for name in ("perl.py", "xor.yaml"):
            shutil.copy(ROOT / "examples" / "own_language" / name, name)
        for line in OWN_LANGUAGE:
            output = runner.invoke(main, shlex.split(line)[1:]).output.rstrip()
            lines += [f"$ {line}", *(_without_errors(output).splitlines() if "train" not in line else [])]
        asked = 'echo "0 1" | perl generated/perl/xor.pl'
        answer = subprocess.run(asked, shell=True, capture_output=True, text=True, check=True)  # noqa: S602 (our own)
    _fence("console", "\n".join([*lines, f"$ {asked}", answer.stdout.rstrip()]))


def members(paths: str, name: str, *members: str) -> None:
    """What some fields, properties and methods of a class are, by the first paragraphs of their docstrings.

    The files have the class and what it inherits from.
    """
    nodes = [node for path in paths.split() for node in ast.parse((ROOT / path).read_text("utf-8")).body]
    classes = {node.name: node for node in nodes if isinstance(node, ast.ClassDef)}
    inherited = (classes.get(ast.unparse(base)) for base in classes[name].bases)
    body = [node for one in (*inherited, classes[name]) if one for node in one.body]
    said = {node.name: ast.get_docstring(node) or "" for node in body if isinstance(node, ast.FunctionDef)}
    for node, after in itertools.pairwise(body):
        match node, after:
            case ast.AnnAssign(target=ast.Name(id=field)), ast.Expr(value=ast.Constant(value=str() as text)):
                said[field] = text
    words = {one: " ".join(said[one].split("\n\n")[0].split()).replace("``", "`") for one in members}
    _table((f"`{name}`", "is"), ((f"`{one}`", text.rstrip(".")) for one, text in words.items()))


def formulas() -> None:
    """The tables of ``nngen formulas``, without the textbook formulas and options, which docs/spec.md has."""
    for number, (head, rows) in enumerate(tables()):
        if number:
            print()
        shown, before = [], ""
        for name, *cells in rows:
            new = name != before
            before = name
            row = [f"`{name.partition('(')[0]}`" if new else ""]
            for title, cell in zip(head[1:], cells, strict=True):
                if title in WORDS:
                    row.append(cell if new or title != "source" else "")
                elif title != "formula":
                    row.append("" if cell == "none" else f"`{cell}`")
            shown.append(tuple(row))
        _table(tuple(title for title in head if title != "formula"), shown)


def file(path: str) -> None:
    """A whole file."""
    _fence(Path(path).suffix.removeprefix(".").replace("py", "python"), (ROOT / path).read_text("utf-8").rstrip())


def exported(path: str, framework: str) -> None:
    """The module of a spec for PyTorch or Keras, without its docstring."""
    text = source(load(ROOT / path), framework)
    _fence("python", text.split('"""\n\n', 1)[1].rstrip())


def cortex() -> None:
    """Flash and RAM on a Cortex-M4, measured by ``benchmarks/cortex.py``."""
    rows = json.loads((ROOT / "docs" / "cortex.json").read_text(encoding="utf-8"))
    head = ("network", "parameters", "forward: flash", "RAM", "training: flash", "RAM")
    _table(
        head,
        (tuple(f"{value:,}" if isinstance(value, int) else f"`{value}`" for value in row.values()) for row in rows),
    )


def machines(name: str) -> None:
    """Flash, RAM and time of each network and form on a machine, measured by ``benchmarks/machines/measure.py``."""
    rows = json.loads((ROOT / "docs" / "machines.json").read_text(encoding="utf-8"))
    forms = ("int8", "float32", "by hand", "emlearn")
    found: dict[str, list[str]] = {}
    for row in rows:
        if row["machine"] == name:
            values = (row["flash"], row["ram"], row["time"])
            text = row.get("reason") or " / ".join("-" if value is None else f"{value:,}" for value in values)
            found.setdefault(row["network"], []).append(text)
    _table(("flash / RAM / time", *forms), ((network, *cells) for network, cells in found.items()))


def cycles() -> None:
    """Instructions and cycles of predictors in integers on a Cortex-M0, by ``benchmarks/machines/cycles.py``."""
    rows = json.loads((ROOT / "docs" / "machines.json").read_text(encoding="utf-8"))
    found = [row for row in rows if "cycles" in row]
    _table(
        ("int8", *(row["network"] for row in found)),
        ((what, *(f"{row[key]:,}" for row in found)) for what, key in (("instructions", "time"), ("cycles", "cycles"))),
    )


def anomaly() -> None:
    """The detector of MLPerf Tiny in integers, measured by ``benchmarks/machines/anomaly.py``."""
    found = json.loads((ROOT / "benchmarks" / "anomaly.json").read_text(encoding="utf-8"))
    rows = (
        (
            row["machine"],
            *(f"{row[key]:,}" for key in ("flash", "ram", "time")),
            f"{row['time'] / found['multiplications']:.2f}",
        )
        for row in found["machines"]
    )
    _table(("machine", "flash", "RAM", "instructions", "for each multiplication"), rows)


def held_out() -> None:
    """How many held-out answers integers change, measured by ``benchmarks/machines/held_out.py``."""
    rows = json.loads((ROOT / "docs" / "held_out.json").read_text(encoding="utf-8"))
    head = ("network", "held-out answers", "changed", "accuracy, float64", "int8")
    _table(
        head,
        (
            (row["network"], f"{row['answers']:,}", f"{row['changed']}", f"{row['float64']:.1%}", f"{row['int8']:.1%}")
            for row in rows
        ),
    )


def hard_integers() -> None:
    """What integers cost on hard tables, measured by ``benchmarks/hard_integers.py``."""
    rows = json.loads((ROOT / "docs" / "hard_integers.json").read_text(encoding="utf-8"))
    shown = {"accuracy": "{:.1%}".format, "error": "{:.3g}".format}
    _table(
        ("table", "", "float64", "int8", ""),
        (
            (
                row["table"],
                row["what"],
                *(shown[row["what"]](row[form]) for form in ("float64", "int8")),
                row["refused"],
            )
            for row in rows
        ),
    )


def header_mutants() -> None:
    """What ``nngen prove`` says of small mistakes in a header, measured by ``benchmarks/header_mutants.py``."""
    found = json.loads((ROOT / "docs" / "header_mutants.json").read_text(encoding="utf-8"))
    verdicts = sorted({verdict for one in found.values() for verdict in one["counts"]})
    rows = ((verdict, *(str(one["counts"].get(verdict, 0)) for one in found.values())) for verdict in verdicts)
    _table(("a mutant", *(f"`{name}`" for name in found)), rows)


def scorecard() -> None:
    """What ``nngen prove`` says of the properties of ``examples/scorecard``, without the hash of its header."""
    line = "nngen prove loans.yaml --params loans.json --dtype int8 --property loans.yaml"
    runner = CliRunner()
    with runner.isolated_filesystem():
        for name in ("loans.yaml", "loans.csv", "loans.json"):
            shutil.copy(ROOT / "examples" / "scorecard" / name, name)
        output = runner.invoke(main, shlex.split(line)[1:]).output
    _fence("console", f"$ {line}\n...\n{output.partition(chr(10) * 2)[2].rstrip()}")


def proofs() -> None:
    """What ``nngen prove`` decides of some networks, measured by ``benchmarks/proofs/measure.py``."""
    rows = json.loads((ROOT / "docs" / "proofs.json").read_text(encoding="utf-8"))
    shown = [(row["network"], row["property"], row["verdict"], row["engine"], f"{row['seconds']:g}") for row in rows]
    before = [""] + [row[0] for row in shown]
    _table(
        ("network", "property", "verdict", "by", "seconds"),
        (
            (f"`{one[0]}`" * (one[0] != last), one[1], one[2], one[3].removeprefix("by "), one[4])
            for one, last in zip(shown, before, strict=False)
        ),
    )


def functions(path: str, *names: str) -> None:
    """Functions of a Python file."""
    _functions((ROOT / path).read_text("utf-8"), names)


def lines(path: str, start: str, stop: str) -> None:
    """The Python module of a spec, from the first line that begins with ``start`` to the next with ``stop``."""
    rows = _python(path).splitlines()
    first = next(i for i, row in enumerate(rows) if row.startswith(start))
    last = next(i for i, row in enumerate(rows[first:], first) if row.startswith(stop))
    _fence("py", textwrap.dedent("\n".join(rows[first : last + 1])))  # it does not run alone


def contents() -> None:
    """The lines of the modules of some networks, by their parts."""
    from benchmarks.contents import CHOICES, lines

    def rows() -> Iterator[tuple[str, ...]]:
        for name in ("xor_mlp", "iris", "digits"):
            spec = load(ROOT / "specs" / f"{name}.yaml")
            for target in TARGETS:
                row = lines(spec, target, *(chosen for chosen in CHOICES if "prediction" not in chosen or spec.data))
                yield (f"`{name}`, {target}", *map(str, row))

    _table(("lines", *(" + ".join(f"`{part}`" for part in chosen) for chosen in CHOICES)), rows())


def drawing(scheme: str, *names: str) -> None:
    """Functions of the example's Python module with this scheme for its weights."""
    spec = Spec.model_validate(load(EXAMPLE).model_dump(by_alias=True) | {"initial": {"weights": scheme}})
    _functions(render(plan(spec), spec, "python"), names)


def _functions(text: str, names: Iterable[str]) -> None:
    defined = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    _fence("python", "\n\n\n".join(ast.get_source_segment(text, defined[name]) or "" for name in names))


def program(path: str, *specs: str, data: str = "") -> None:
    """A program and its output. It runs beside the generated Python modules, the whole modules of specs, and data."""
    file(path)
    with CliRunner().isolated_filesystem():
        for source in (path, data, "generated/python/*.py"):
            for found in ROOT.glob(source) if source else ():
                shutil.copy(found, ".")
        for spec in specs:
            Path(Path(spec).with_suffix(".py").name).write_text(_python(spec, "all"), "utf-8")
        run = [sys.executable, "-B", Path(path).name]
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
        output = subprocess.run(run, capture_output=True, check=True, env=environment)  # noqa: S603 (our own file)
    print()
    _fence("text", output.stdout.decode().rstrip())


def _python(path: str, *contents: str) -> str:
    """The Python module of a spec, with these parts or with those that it has without a choice."""
    return texts(load(ROOT / path), ROOT, ["python"], contents=contents)["python"]


def fields(model: str, *, without: str = "", **defaults: str) -> None:
    """The fields of a mapping of the schema.

    Args:
        model: the name of the mapping.
        without: another mapping, whose fields are left out.
        defaults: these replace the defaults that differ between entries of a catalogue.
    """
    whole = whole_schema()
    found = {"Spec": whole, **whole["$defs"]}[model]
    rows = [
        (
            f"`{name}`",
            node["description"],
            _kind(node),
            defaults.get(name) or ("required" if name in found.get("required", ()) else _default(node)),
        )
        for name, node in found["properties"].items()
        if (name != "name" or "const" not in node)
        and (not without or name not in whole["$defs"][without]["properties"])
    ]
    _table(("field", "what", "takes", "default"), rows)


def names(kind: str) -> None:
    """The entries of a catalogue, and then what their options mean."""
    entries = CATALOGUES[kind].values()
    _table(("name", "formula", "options"), ((f"`{e.name}`", f"`{e.textbook}`", _options(e)) for e in entries))
    _meanings(entries)


def kinds() -> None:
    """The kinds of layers."""
    rows = [(f"`{kind.name}`", f"`{kind.textbook}`", kind.source) for kind in LAYER_KINDS.values()]
    _table(("`kind`", "the value of unit j before the activation, for the sources u and v", "source"), rows)


def losses() -> None:
    """The losses, with their default reduction over the outputs."""
    rows = [(f"`{e.name}`", f"`{e.textbook}`", f"`{e.reduction}`", _options(e)) for e in LOSSES.values()]
    _table(("name", "formula", "`outputs`", "options"), rows)
    _meanings(LOSSES.values())


def names_of_other_tools() -> None:
    """The names of other tools for choices and fields of a spec."""
    for kind, names in [*NAMES.items(), ("field", FIELDS)]:
        print(f"- **{kind}**: {', '.join(f'`{ours}` ({_code(others)})' for ours, others in names.items())}")


def _code(words: str) -> str:
    return ", ".join(f"`{word}`" for word in words.split())


def libm_functions() -> None:
    """The worst error of each library in each function."""
    found = json.loads(LIBM.read_text(encoding="utf-8"))["functions"]
    names = list(dict.fromkeys(name for row in found.values() for name in row))
    rows = [(title, *(f"{row[name][0]:.2f}" if name in row else "" for name in names)) for title, row in found.items()]
    _table(("library", *(f"`{name}`" for name in names)), rows)


def libm_networks() -> None:
    """The largest error of pages after 100 steps."""
    found = json.loads(LIBM.read_text(encoding="utf-8"))["networks"]
    names = list(next(iter(found.values())))
    rows = [(title, *(f"{max(row[name].values()):.3g}" for name in names)) for title, row in found.items()]
    _table(("library", *names), rows)


def generator_commands() -> None:
    """The CPU seconds of commands."""
    found = json.loads(GENERATOR.read_text(encoding="utf-8"))["commands"]
    rows = [(name, *(f"{seconds:.2f}" for seconds in times)) for name, times in found.items()]
    _table(("command", "least, s", "median", "most"), rows)


def generator_growth() -> None:
    """The cost of pages with more and more equations."""
    rows = [
        (
            f"{row['weights']:,}",
            f"{row['equations']:,}",
            f"{row['lines']:,}",
            f"{row['seconds']:.2f}",
            f"{row['megabytes']:.0f}",
            f"{row['equations_python']:,}",
            f"{row['import']:.2f}",
        )
        for row in json.loads(GENERATOR.read_text(encoding="utf-8"))["growth"]
    ]
    head = ("weights", "equations", "lines", "build, s", "memory, MB", "equations of python", "import, s")
    _table(head, rows)


def calls() -> None:
    """The calls of PyTorch and Keras for each activation, taken from the tests."""
    rows = [(name, row.torch, row.keras) for name, row in ROWS.items()]
    _table(("nngen", "PyTorch", "Keras 3"), [tuple(f"`{cell}`" if cell else "" for cell in row) for row in rows])


def formula_functions() -> None:
    """The functions that a formula may call."""
    print(", ".join(f"`{name}({', '.join('uvw'[:count])})`" for name, count in FUNCTIONS.items()) + ".")


def taken() -> None:
    """The names that specs cannot use."""
    rows = [
        ("anything", sorted(RESERVED - {*keyword.kwlist})),
        ("a network", sorted(DEVICES)),
        ("an input", sorted(RESERVED_INPUTS | C_GLOBALS)),
        ("an input, or a custom formula", sorted(SCRIPT_GLOBALS - RESERVED)),
    ]
    _table(("no name for", "words"), [(what, _code(" ".join(words))) for what, words in rows])


def networks() -> None:
    """The networks that ``nngen init`` proposes."""
    head = (
        "rows of the table",
        "hidden units",
        "activation",
        "dropout",
        "`batch_size`",
        "`decay`",
        "`validation`",
        "`epochs`, at most",
    )
    rows = [
        (
            f"below {each.below:,}" if each is not NETWORKS[-1] else f"{NETWORKS[-2].below:,} and more",
            f"{each.hidden}",
            f"`{each.activation}`",
            f"{each.dropout or 'none'}",
            f"{each.batch_size}",
            f"{each.decay}",
            f"{each.validation or 'none'}",
            f"{each.epochs}",
        )
        for each in NETWORKS
    ]
    _table(head, rows)


def limits() -> None:
    """The limits."""
    rows = [
        ("a spec", f"{MAX_BYTES:,} bytes"),
        ("keys and values of a spec", f"{MAX_VALUES:,}"),
        ("nesting of lists and mappings", f"{MAX_DEPTH}"),
        ("a name", f"{MAX_NAME} characters"),
        ("a description, and the name of a class, a column or a file", f"{MAX_CHARACTERS:,} characters"),
        ("a whole number", f"{MAX_DIGITS} digits"),
        ("any other number of a spec", f"{sys.float_info.max:.2g}"),
        ("examples in a spec", f"{MAX_EXAMPLES:,}"),
        ("a table, unpacked", f"{MAX_FILE:,} bytes"),
        ("rows of a table", f"{MAX_ROWS:,}"),
        ("a number of a CSV file", "{float64:g}, in 32 bits {float32:g}".format_map(LARGEST_OF_TABLE)),
        ("a target of most losses", f"less than {LARGEST_TARGET:g}"),
        ("the weight of a class or an example", f"less than {MAX_WEIGHT:g}"),
        ("layers", f"{MAX_LAYERS:,}"),
        ("custom activations, and losses", f"{MAX_CUSTOM} each"),
        ("a custom formula", f"{MAX_TEXT} characters, {MAX_LEVELS} levels"),
        ("a number of a formula", f"less than {LARGEST:g}"),
        ("inputs, and units of a layer", f"{MAX_UNITS:,}"),
        ("inputs and units of a network", f"{MAX_NAMED:,}"),
        ("matrices and vectors of parameters", f"{MAX_BLOCKS:,}"),
        ("weights and biases of a network", f"{MAX_PARAMETERS:,}"),
        (
            "products that make all matrices orthogonal: the shorter side, squared, times the longer",
            f"{MAX_ORTHOGONAL:,}",
        ),
        ("weights with an equation each (`unroll: weights`)", f"{MAX_UNROLLED:,}"),
        ("weights and biases up to which `unroll: auto` gives each weight an equation", f"{MAX_SCALARS:,}"),
        ("the same in the target `c`", f"{MAX_SCALARS_OF_C:,}"),
        ("the same in the target `java`", f"{MAX_SCALARS_OF_JAVA:,}; at all, {MAX_UNROLLED_OF_JAVA:,}"),
        ("trained parameters in a module itself; more are in a file beside it", f"{MAX_TRAINED:,}"),
        ("the same in the targets `javascript` and `c`", f"{MAX_TRAINED_OF_OTHERS:,}"),
        ("all trained parameters of `javascript` and `c`", f"{MAX_COMPILED:,}"),
        ("a module, without this file", f"{MAX_PAGE:,} characters"),
        ("units with a branch, such as relu, up to which the target `python` does so", f"{MAX_BRANCHES}"),
    ]
    _table(("what", "at most"), rows)


def _options(entry: Entry) -> str:
    return ", ".join(f"`{o.name}`" if o.default is None else f"`{o.name}={o.default:g}`" for o in entry.options)


def _meanings(entries: Iterable[Entry]) -> None:
    """What options mean; entries are named for a meaning that few of them give to the name."""
    users: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        for option in entry.options:
            users.setdefault((option.name, option.description), []).append(entry.name)
    names = [name for name, _ in users]
    if users:
        print()
    for (name, description), where in users.items():
        of = f" of {_code(' '.join(where))}" if names.count(name) > 1 and len(where) < 3 else ""
        print(f"- `{name}`{of}: {description}")


def _kind(node: dict[str, Any]) -> str:
    choices = [choice for choice in node.get("anyOf", [node]) if choice.get("type") != "null"]
    if any("$ref" in choice for choice in choices):  # bare words are short for a mapping
        choices = [choice for choice in choices if "enum" not in choice and choice != CUSTOM_NAME]
    return " or ".join(dict.fromkeys(map(_said, choices)))


def _said(node: dict[str, Any]) -> str:
    match node:
        case {"$ref": ref}:
            return KINDS[ref.rpartition("/")[2].partition("_")[0]]
        case {"additionalProperties": {"$ref": ref}}:
            return f"names, each with {KINDS[ref.rpartition('/')[2]]}"
        case {"enum": words}:
            return ", ".join(f"`{word}`" for word in words)
        case {"const": word}:
            return f"`{word}`"
        case {"type": "boolean"}:
            return "`true`, `false`"
        case {"type": "array", "minItems": 2, "maxItems": 2}:
            return "two numbers"
        case {"type": "array", "items": ({"$ref": _} | {"anyOf": _}) as items}:
            return f"a list of {_kind(items)}"
    return in_words([node])


def _default(node: dict[str, Any]) -> str:
    if "default" not in node:
        return "none"
    text = json.dumps(node["default"])
    return f"`{text}`" if text == '""' else f"`{text.replace(chr(34), '')}`"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    for row in (head, ("---",) * len(head), *rows):
        cells = [cell.replace("|", r"\|") for cell in row]
        print(f"| {' | '.join(cells)} |")


def _between(lines: list[str], start: str, stop: str) -> str:
    first = next(i for i, line in enumerate(lines) if line.startswith(start))
    last = next((i for i, line in enumerate(lines) if stop and i > first and line.startswith(stop)), len(lines))
    return "\n".join([*(["..."] if first else []), *lines[first:last], *(["..."] if last < len(lines) else [])])


def _fence(language: str, text: str) -> None:
    print(f"```{language}\n{text}\n```")


if __name__ == "__main__":
    os.chdir(ROOT)
    pages = ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
    mode = ["--check", "--diff"] if sys.argv[1:] == ["--check"] else ["-r"]
    raise SystemExit(Cog().main(["cog", "-P", "-p", "import paste", *mode, *pages]))
