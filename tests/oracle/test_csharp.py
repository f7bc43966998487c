"""Modules of C# as a project has them: without warnings, documented, in 100 columns, and vendored as the pages say."""

import json
import math
import random
import re
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from nngen.description.model import Spec, parts
from nngen.proof.compiled import Module, Program
from nngen.targets.csharp import SYNTAX, class_name
from tests.support import cells, date_texts
from tests.support.languages import campaign, drawn, module
from tests.support.modules import ROOT, SPECS, spec
from tests.support.runtime_files import whole_module

pytestmark = pytest.mark.oracle

STRICT = ("mcs", "-noconfig", "-r:System", "-langversion:7.2", "-warnaserror", "-warn:4")
"""Only the base class library, and no warning."""

FORMS = ("weights", "layers")

NAMES = ("Math", "regex", "Array", "Forward", "settings", "system", "Console", "networks", "each", "expm1", "seed_of")
"""Names of networks that are those of classes, members and namespaces, or look like them."""


def run(*command: object, cwd: Path) -> str:
    """The output of a program, which must end well."""
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[:4000]
    return done.stdout


@pytest.fixture(scope="module")
def modules() -> dict[str, Module]:
    """The modules of all specs, with all parts and with few, random ones, and some with unusual names."""
    made = {path.stem: module(spec(path), "csharp", path.parent) for path in SPECS}
    made |= {one.plan.name: one for one in campaign(drawn(12, 1), "csharp")}
    made |= {one.name: module(one, "csharp") for one in (cells.SPEC, date_texts.SPEC)}
    path = ROOT / "specs" / "penguins.yaml"
    for part in ("forward", "gradient", "training", "prediction", "files", "checks", "sensitivity", "notes"):
        made[part] = module(spec(path), "csharp", path.parent, parts([part]), f"penguins_{part}")
    path = ROOT / "specs" / "xor_mlp.yaml"
    loss = {"name": "squared_error", "missing": "ignore"}  # y == y, which is no comparison with itself by mistake
    gaps = Spec.model_validate(spec(path).model_dump(by_alias=True) | {"name": "gaps", "loss": loss})
    made |= {f"gaps{i}": module(gaps, "csharp", name=f"gaps{i}", form={"unroll": form}) for i, form in enumerate(FORMS)}
    return made | {name: module(spec(path), "csharp", name=name) for name in NAMES}


def test_a_network_may_have_the_name_of_any_function_of_the_source(tmp_path: Path) -> None:
    """Such as that of orthogonal initial values, which few networks have."""
    described = spec(ROOT / "specs" / "xor_mlp.yaml").model_dump(by_alias=True)
    described["initial"]["weights"] = {"name": "orthogonal"}
    one = module(Spec.model_validate(described), "csharp", name="product")
    assert "class ProductNetwork\n" in one.text
    assert " Product(" in one.text
    (tmp_path / "Product.cs").write_text(one.text, "utf-8")
    run(*STRICT, "-target:library", "Product.cs", cwd=tmp_path)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_compiler_warns_of_nothing_in_the_fixed_definitions(tmp_path: Path, dtype: str) -> None:
    """With all that a network may have."""
    (tmp_path / "Everything.cs").write_text(whole_module("csharp", dtype).text, "utf-8")
    run(*STRICT, "-target:library", "Everything.cs", cwd=tmp_path)


def test_the_compiler_warns_of_nothing_and_finds_all_documentation(modules: dict[str, Module], tmp_path: Path) -> None:
    """A library of all modules together, whose public members all have a comment that is XML."""
    for name, one in modules.items():
        (tmp_path / f"{name}.cs").write_text(one.text, "utf-8")
    run(*STRICT, "-target:library", "-out:nets.dll", "-doc:nets.xml", "-recurse:*.cs", cwd=tmp_path)
    assert (tmp_path / "nets.xml").read_text("utf-8").count("<summary>") > 1000


def test_lines_are_short_and_braces_stand_alone(modules: dict[str, Module]) -> None:
    """Only a name of 80 characters makes a longer line."""
    for name, one in modules.items():
        assert not re.search(r"[ \t]\n|\t|\n\n\n|\{\n\n|\n\n *\}|\n\n\Z", one.text), name
        for line in one.text.splitlines():
            assert len(line) <= 100 or max(map(len, re.findall(r"\w+", line))) > 80, (name, line)
            assert (len(line) - len(line.lstrip())) % 4 == 0, (name, line)
            assert not re.search(r"(?:\)|else|do|try) *\{$", line), (name, line)


def test_no_class_has_the_name_of_a_member(modules: dict[str, Module]) -> None:
    """C# refuses a member with the name of its class."""
    stated = {name for one in modules.values() for name in SYNTAX.stated.findall(one.text)}
    assert len(stated) > 90
    snake = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
    assert not [name for name in stated if class_name(snake.sub("_", name).lower()) == name]


def test_numbers_are_written_as_python_writes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a country with decimal commas: the digits of each number, the smallest and the largest, and minus zero."""
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    path = ROOT / "specs" / "digits.yaml"
    one = module(spec(path), "csharp", path.parent)
    draw = random.Random(4)
    given = [
        5e-324,
        -1e-323,
        2.2250738585072014e-308,
        math.nextafter(math.inf, 0),
        -0.0,
        0.1,
        1e22,
        1e23,
        9007199254740993.0,
    ]
    given += [struct.unpack("d", draw.randbytes(8))[0] for _ in range(one.plan.size - len(given))]
    given = [number if math.isfinite(number) else 1.0 / 3.0 for number in given]
    with Program("csharp", [one], tmp_path) as program:
        text = program.text("digits", "save", params=given)
        assert [number.hex() for number in program.numbers("digits", "load", text=text)] == [n.hex() for n in given]
        written = text.split("[")[-1].removesuffix("]}").split(", ")
        assert [float(number).hex() for number in written] == [number.hex() for number in given]
        digits, theirs = (
            [len(re.sub(r"e.*|\D", "", one).strip("0")) for one in texts] for texts in (written, map(repr, given))
        )
        assert digits == theirs
        read = json.dumps({"layout": json.loads(text)["layout"], "parameters": given})
        assert [number.hex() for number in program.numbers("digits", "load", text=read)] == [n.hex() for n in given]
        with pytest.raises(ValueError, match="pixel1: expected a number"):
            program.numbers("digits", "encode", row=["1,5", *[0.0] * 63])


def test_a_project_vendors_penguins_as_the_documentation_says(tmp_path: Path) -> None:
    """The commands and the program of docs/vendoring.md, in a fresh folder."""
    text = (ROOT / "docs" / "vendoring.md").read_text("utf-8").split("## In a C# project")[1].split("\n## ")[0]
    commands = [line.strip() for line in text.split("This is")[0].splitlines() if line.strip()]
    (tmp_path / "specs/data").mkdir(parents=True)
    for name in ("penguins.yaml", "data/penguins.csv"):
        (tmp_path / "specs" / name).write_text((ROOT / "specs" / name).read_text("utf-8"), "utf-8")
    (tmp_path / "shore").mkdir()
    (tmp_path / "shore/Program.cs").write_text(text.split("```csharp\n")[1].split("```")[0], "utf-8")
    printed = ""
    for command in commands:
        program, *arguments = command.split()
        printed += run(
            Path(sys.executable).with_name("nngen") if program == "nngen" else program, *arguments, cwd=tmp_path
        )
    assert len(commands) == 4
    assert printed.endswith("Chinstrap\n")
    assert "Chinstrap" in text


def test_verify_names_the_line_that_is_wrong(tmp_path: Path) -> None:
    """An edited module of the committed network iris, and one that does not compile."""
    text = (ROOT / "generated" / "csharp" / "Iris.cs").read_text("utf-8")
    line = next(line for line in text.splitlines() if line.strip().startswith("double dz_hidden1 = "))
    number = text.splitlines().index(line) + 1
    nngen = Path(sys.executable).with_name("nngen")
    for edited, says in (
        (text.replace(line, line.replace(";", " * 2.0;"), 1), f"line {number} is `{line.strip()[:-1]} * 2.0;`"),
        (text.replace(line, "    double dz_hidden1 = ;", 1), "it cannot be compiled"),
    ):
        (tmp_path / "Iris.cs").write_text(edited, "utf-8")
        command: list[str | Path] = [nngen, "verify", "Iris.cs", "--spec", ROOT / "specs" / "iris.yaml"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert says in done.stdout
