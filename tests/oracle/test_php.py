"""Modules of PHP as a project has them: in PSR-12 and 120 columns, documented types, and vendored as the pages say."""

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
from nngen.targets.php import SYNTAX, class_name
from tests.support import cells, date_texts
from tests.support.languages import campaign, drawn, module
from tests.support.modules import ROOT, SPECS, spec

pytestmark = pytest.mark.oracle

NAMES = (
    "array_map",
    "networks",
    "iterable",
    "trait",
    "echo",
    "unset",
    "generator",
    "InvalidArgumentException",
)
"""Names of networks that are words, functions or classes of PHP, or look like members."""

STRICT = "set_error_handler(fn ($l, $said, $file, $line) => throw new ErrorException($said, 0, $l, $file, $line));"
"""A warning, a notice or a deprecation ends the program."""

UNTYPED = """
foreach (array_slice($argv, 1) as $file) {
    require $file;
    $classes = get_declared_classes();
    $class = new ReflectionClass(end($classes));
    foreach ($class->getMethods() as $method) {
        $said = $method->getDocComment();
        foreach ($method->getParameters() as $one) {
            $array = preg_match('/array|callable/', (string) $one->getType()) === 1;
            if (!$said || !$one->hasType() || $array && !str_contains($said, " \\${$one->getName()}\\n")) {
                echo "$file: {$method->getName()}: {$one->getName()}\\n";
            }
        }
        if (!$method->hasReturnType() || $method->getReturnType() == 'array' && !str_contains($said, '@return')) {
            echo "$file: {$method->getName()}\\n";
        }
    }
}
"""
"""Prints the parameters and results whose types are not said; it asks PHP's reflection."""


def php(*command: object, cwd: Path, program: str = "") -> str:
    """The output of a program, which must end well."""
    done = subprocess.run(
        ["php", *map(str, command)], cwd=cwd, capture_output=True, text=True, check=False, input=program
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[:4000]
    return done.stdout


@pytest.fixture(scope="module")
def modules() -> dict[str, Module]:
    """The modules of all specs, with all parts and with few, random ones, and some with unusual names."""
    made = {path.stem: module(spec(path), "php", path.parent) for path in SPECS}
    made |= {one.plan.name: one for one in campaign(drawn(24, 1), "php")}
    made |= {one.name: module(one, "php") for one in (cells.SPEC, date_texts.SPEC)}
    path = ROOT / "specs" / "penguins.yaml"
    for part in ("gradient", "training", "prediction", "files", "checks", "sensitivity", "notes"):
        made[part] = module(spec(path), "php", path.parent, parts([part]), f"penguins_{part}")
    path = ROOT / "specs" / "xor_mlp.yaml"
    loss = {"name": "squared_error", "missing": "ignore"}
    gaps = Spec.model_validate(spec(path).model_dump(by_alias=True) | {"name": "gaps", "loss": loss})
    made |= {f"gaps_{form}": module(gaps, "php", name=f"gaps_{form}", form={"unroll": form}) for form in LEVELS}
    return made | {name: module(spec(path), "php", name=name) for name in NAMES}


LEVELS = ("weights", "layers")


def test_php_warns_of_nothing_and_finds_all_types(modules: dict[str, Module], tmp_path: Path) -> None:
    """All modules in one process; each has its own class."""
    for one in modules.values():
        (tmp_path / f"{class_name(one.plan.name)}.php").write_text(one.text, "utf-8")
    files = sorted(path.name for path in tmp_path.glob("*.php"))
    assert len(files) == len(modules)
    assert php("--", *files, cwd=tmp_path, program=f"<?php {STRICT}{UNTYPED}") == ""


def test_the_layout_is_that_of_psr_12(modules: dict[str, Module]) -> None:
    """Braces of classes and methods stand alone, others do not; only a long name makes a long line."""
    for name, one in modules.items():
        assert one.text.startswith("<?php\n\ndeclare(strict_types=1);\n\nnamespace Networks;\n\n"), name
        assert not re.search(r"[ \t]\n|\t|\n\n\n|\{\n\n|\n\n *\}|\n\n\Z|else if|\?>|\bvar\b|\barray\(", one.text), name
        for line in one.text.splitlines():
            assert len(line) <= 120 or max(map(len, re.findall(r"\w+", line))) > 80, (name, line)
            assert line.lstrip().startswith("*") or (len(line) - len(line.lstrip())) % 4 == 0, (name, line)
            assert not re.search(r"function \w+\(.*\{$|^final class .*\{$", line), (name, line)
            assert not re.search(r"^ *\} *$\n *else|\)\n *\{", line), (name, line)


def test_a_namespace_is_that_of_the_spec(tmp_path: Path) -> None:
    path = ROOT / "specs" / "xor_mlp.yaml"
    one = module(spec(path), "php", form={"namespace": r"App\Networks"})
    assert "\nnamespace App\\Networks;\n" in one.text
    with Program("php", [one], tmp_path) as program:
        assert len(program.numbers("xor_mlp", "init")) == 9


def test_names_are_stated_once(modules: dict[str, Module]) -> None:
    """PHP takes methods whose names differ only in capitals for the same."""
    for name, one in modules.items():
        stated = [found.lower() for found in SYNTAX.stated.findall(one.text)]
        assert len(stated) == len({*stated}), name


def test_numbers_are_written_as_python_writes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a country with decimal commas, and where php.ini asks for few digits."""
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    (tmp_path / "few.ini").write_text("precision = 5\nserialize_precision = 5\n")
    monkeypatch.setenv("PHP_INI_SCAN_DIR", str(tmp_path))
    path = ROOT / "specs" / "digits.yaml"
    one = module(spec(path), "php", path.parent)
    draw = random.Random(4)
    given = [5e-324, -1e-323, 2.2250738585072014e-308, math.nextafter(math.inf, 0), -0.0, 0.1, 1e22, 1e23]
    given += [struct.unpack("d", draw.randbytes(8))[0] for _ in range(one.plan.size - len(given))]
    given = [number if math.isfinite(number) else 1.0 / 3.0 for number in given]
    (tmp_path / "modules").mkdir()
    with Program("php", [one], tmp_path / "modules") as program:
        text = program.text("digits", "save", params=given)
        assert [number.hex() for number in program.numbers("digits", "load", text=text)] == [n.hex() for n in given]
        assert [float(number).hex() for number in json.loads(text)["parameters"]] == [n.hex() for n in given]
        written = text.split("[")[-1].removesuffix("]}").split(", ")
        digits, theirs = (
            [len(re.sub(r"[eE].*|\D", "", one).strip("0")) for one in texts] for texts in (written, map(repr, given))
        )
        assert digits == theirs
        read = json.dumps({"layout": json.loads(text)["layout"], "parameters": given})
        assert [number.hex() for number in program.numbers("digits", "load", text=read)] == [n.hex() for n in given]
        with pytest.raises(ValueError, match="pixel1: expected a number"):
            program.numbers("digits", "encode", row=["1,5", *[0.0] * 63])


def test_rows_have_the_names_of_columns(tmp_path: Path) -> None:
    """By name in any order, or in the order of the columns; one that is not there is a mistake."""
    path = ROOT / "specs" / "penguins.yaml"
    (tmp_path / "Penguins.php").write_text(module(spec(path), "php", path.parent).text, "utf-8")
    program = """
    require 'Penguins.php';
    $row = ['sex' => 'male', 'island' => 'Dream', 'bill_length_mm' => 46.5, 'bill_depth_mm' => '17.9'];
    $row += ['flipper_length_mm' => 192, 'body_mass_g' => 3500, 'more' => true];
    $list = array_map(fn ($column) => $row[$column], Networks\\Penguins::COLUMNS);
    echo json_encode(Networks\\Penguins::encode($row) === Networks\\Penguins::encode($list));
    unset($row['sex']);
    try {
        Networks\\Penguins::encode($row);
    } catch (InvalidArgumentException $error) {
        echo $error->getMessage(), '; ';
    }
    try {
        Networks\\Penguins::encode([1, 2]);
    } catch (InvalidArgumentException $error) {
        echo $error->getMessage();
    }
    """
    said = php(cwd=tmp_path, program=f"<?php {STRICT}{program}")
    assert said == "truerow: expected a cell for each of COLUMNS, also for sex; row: expected a list of 6"


def test_the_caller_keeps_what_is_not_trained(tmp_path: Path) -> None:
    """Arrays are values: parameters of a callback and a progress stay as they were, and training goes on from them."""
    path = ROOT / "specs" / "xor_mlp.yaml"
    (tmp_path / "XorMlp.php").write_text(module(spec(path), "php").text, "utf-8")
    program = """
    require 'XorMlp.php';
    use Networks\\XorMlp;
    [$xs, $ys] = [[[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]];
    $params = XorMlp::init();
    $met = [];
    $history = XorMlp::fit($params, $xs, $ys, epochs: 30, callback: function (...$given) use (&$met) {
        $met[] = $given;
        return false;
    });
    [$epoch, $loss, $after, $progress] = $met[9];
    $rest = XorMlp::fit($after, $xs, $ys, epochs: 30, progress: $progress);
    echo json_encode([$epoch, $after === $params, $rest === array_slice($history, 10), $met[9][2] !== $params]);
    """
    assert php(cwd=tmp_path, program=f"<?php {STRICT}{program}") == "[9,true,true,true]"


def test_a_project_vendors_penguins_as_the_documentation_says(tmp_path: Path) -> None:
    """The commands and the program of docs/vendoring.md, in a fresh folder."""
    text = (ROOT / "docs" / "vendoring.md").read_text("utf-8").split("## In a PHP project")[1].split("\n## ")[0]
    commands = [line.strip() for line in text.split("This is")[0].splitlines() if line.strip()]
    (tmp_path / "specs/data").mkdir(parents=True)
    for name in ("penguins.yaml", "data/penguins.csv"):
        (tmp_path / "specs" / name).write_text((ROOT / "specs" / name).read_text("utf-8"), "utf-8")
    (tmp_path / "shore").mkdir()
    (tmp_path / "shore/answer.php").write_text(text.split("```php\n")[1].split("```")[0], "utf-8")
    printed = ""
    for command in commands:
        program, *arguments = command.split()
        found = Path(sys.executable).with_name("nngen") if program == "nngen" else program
        done = subprocess.run([found, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        printed += done.stdout
    assert len(commands) == 3
    assert printed.endswith("Chinstrap\n")


def test_verify_names_the_line_that_is_wrong(tmp_path: Path) -> None:
    """An edited module of the committed network iris, and one that PHP does not take."""
    text = (ROOT / "generated" / "php" / "Iris.php").read_text("utf-8")
    line = next(line for line in text.splitlines() if line.strip().startswith("$dz_hidden1 = "))
    number = text.splitlines().index(line) + 1
    nngen = Path(sys.executable).with_name("nngen")
    for edited, says in (
        (text.replace(line, line.replace(";", " * 2.0;"), 1), f"line {number} is `{line.strip()[:-1]} * 2.0;`"),
        (text.replace(line, "    $dz_hidden1 = ;", 1), "it cannot be compiled"),
    ):
        (tmp_path / "Iris.php").write_text(edited, "utf-8")
        command: list[str | Path] = [nngen, "verify", "Iris.php", "--spec", ROOT / "specs" / "iris.yaml"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert says in done.stdout
