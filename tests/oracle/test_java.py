"""Modules of Java as projects have them: without warnings, within the limits of class files, and vendored."""

import subprocess
import sys
from pathlib import Path

import pytest

from nngen.description.data import encoding
from nngen.description.model import ALL, Spec, parts
from nngen.plan import plan
from nngen.proof.compiled import Module
from nngen.proof.verify import verify
from nngen.targets import TARGETS, render
from nngen.targets.java import QUICK
from nngen.targets.page_head import Trained
from tests.support import cells
from tests.support.languages import campaign, drawn, module
from tests.support.modules import ROOT, SPECS, named, spec
from tests.support.runtime_files import whole_module

pytestmark = pytest.mark.oracle

JAVAC = ("javac", *QUICK, "-encoding", "UTF-8", "--release", "11", "-Xlint:all", "-Werror")
PENGUINS = ROOT / "specs" / "penguins.yaml"
COUNT = 900
"""Categories of each of five columns, which are many for a class file."""

LONG = "a_name_that_is_as_long_as_the_limit"
HOSTILE = "A text with \\u000a */ <b> {@link x} & @see \\ \N{RIGHTWARDS ARROW}"


def run(*command: object, cwd: Path) -> str:
    """The output of a program, which must end well and warn of nothing."""
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[:4000]
    assert "warning" not in done.stderr, done.stderr[:4000]
    return done.stdout


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_compiler_warns_of_nothing_in_the_fixed_definitions(tmp_path: Path, dtype: str) -> None:
    """With all that a network may have."""
    (tmp_path / "Everything.java").write_text(whole_module("java", dtype).text, "utf-8")
    run(*JAVAC, "Everything.java", cwd=tmp_path)


def large() -> Spec:
    """A network with a layout, texts and numbers that are too long for one constant and for the code of a class."""
    texts = [f'a "category" \\ with a \N{SNOWMAN} {i}' for i in range(COUNT)]
    return Spec.model_validate(
        {
            "name": "large_table",
            "description": HOSTILE,
            "inputs": [
                *({"name": f"kind_{i}", "categories": texts} for i in range(5)),
                *(f"number_{i}" for i in range(1_500)),
            ],
            "layers": [{"name": "output", "units": ["low", "high"], "activation": "softmax"}],
            "loss": "cross_entropy",
            "training": {"optimizer": {"name": "adam", "rate": 0.1}},
            "data": {"classes": ["low", "high"]},
        }
    )


def unrolled() -> Spec:
    """A network with an equation for almost as many weights as a class may have."""
    hidden = {"name": "hidden", "units": 41, "activation": "mish", "dropout": 0.5, "normalization": "layer_norm"}
    return Spec.model_validate(
        {
            "name": "unrolled",
            "inputs": {"name": "x", "size": 18},
            "layers": [hidden, {"name": "output", "units": 3, "activation": "softmax"}],
            "loss": "cross_entropy",
            "training": {"optimizer": {"name": "adam", "rate": 0.1}},
        }
    )


def with_trained(path: Path | None, made: Spec, dtype: str, contents: frozenset[str]) -> Module:
    """The module of a spec with parameters from small to large ones."""
    formed = Spec.model_validate(
        made.model_dump(by_alias=True) | {"targets": [{"name": "java", "dtype": dtype, "unroll": "layers"}]}
    )
    planned = plan(formed, encoding(formed, path.parent if path else Path()))
    numbers = Trained([(-1.0) ** i * 1.1 ** (i % 1600 - 900) for i in range(planned.size)])
    text = render(planned, formed, "java", trained=numbers, contents=contents)
    return Module(planned, formed, text, contents)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the classes of all specs, of random ones, of each part alone and of large tables."""
    folder = tmp_path_factory.mktemp("java")
    made = [module(spec(path), "java", path.parent) for path in SPECS]
    made += campaign(drawn(12, 1), "java")
    made.append(module(cells.SPEC, "java"))
    for part in ("forward", "gradient", "training", "prediction", "files", "checks", "sensitivity", "notes"):
        made.append(module(spec(PENGUINS), "java", PENGUINS.parent, parts([part]), f"penguins_{part}"))
    digits = spec(ROOT / "specs" / "digits.yaml")
    made.append(module(digits, "java", ROOT / "specs", name="digits_32", form={"dtype": "float32"}))
    loss = {"name": "squared_error", "missing": "ignore"}
    gaps = Spec.model_validate(spec(PENGUINS).model_dump(by_alias=True) | {"name": "gaps", "loss": loss})
    for form in ("weights", "layers"):
        made.append(module(gaps, "java", PENGUINS.parent, name=f"gaps_{form}", form={"unroll": form}))
    made.append(module(gaps, "java", PENGUINS.parent, name="gaps_32", form={"dtype": "float32"}))
    made.append(module(unrolled(), "java", form={"unroll": "weights"}))
    made.append(with_trained(None, large(), "float64", ALL))
    made.append(with_trained(PENGUINS, spec(PENGUINS).model_copy(update={"name": "narrow"}), "float32", ALL))
    for one in made:
        (folder / f"{TARGETS['java'].stem(one.plan.name)}.java").write_text(one.text, "utf-8")
    assert len(list(folder.iterdir())) == len(made)
    return folder


def test_the_compiler_and_the_documentation_tool_warn_of_nothing(project: Path) -> None:
    run(*JAVAC, "-Xdoclint:all/protected", "-d", "classes", *sorted(project.glob("*.java")), cwd=project)
    run("javadoc", *QUICK, "-quiet", "-Xdoclint:all", "-d", "docs", *sorted(project.glob("*.java")), cwd=project)


def test_lines_have_at_most_100_columns_and_steps_of_4(project: Path) -> None:
    """But for names and texts that no line holds."""
    for path in project.glob("*.java"):
        for line in path.read_text("utf-8").splitlines():
            assert line == line.rstrip()
            assert "\t" not in line
            if not line.lstrip().startswith("*"):
                assert (len(line) - len(line.lstrip())) % 4 == 0, line
            assert len(line) <= 100 or LONG in line or path.stem == "LargeTable", (path.name, line)


def test_a_large_table_is_read_and_predicted(project: Path) -> None:
    """Its layout, its texts and its parameters are put together when the class is loaded."""
    last = f'a "category" \\ with a \N{SNOWMAN} {COUNT - 1}'
    program = f"""
        public class Check {{
            public static void main(String[] arguments) throws java.io.IOException {{
                Object[] row = new Object[LargeTable.COLUMNS.size()];
                java.util.Arrays.fill(row, 0.0);
                byte[] given = System.in.readAllBytes();
                String last = new String(given, java.nio.charset.StandardCharsets.UTF_8);
                java.util.Arrays.fill(row, 0, 5, last);
                double[] x = LargeTable.encode(row);
                System.out.println(x[{COUNT - 1}] + " " + x[{COUNT - 2}] + " " + LargeTable.LAYOUT.length());
                double[] copy = LargeTable.load(LargeTable.save(LargeTable.TRAINED));
                System.out.println(java.util.Arrays.equals(copy, LargeTable.TRAINED));
                System.out.println(LargeTable.TRAINED[7] + " " + LargeTable.predict(copy, row));
            }}
        }}
    """
    (project / "check").mkdir()
    (project / "check" / "Check.java").write_text(program, "utf-8")
    run(*JAVAC, "-cp", project, "-d", "check", "check/Check.java", cwd=project)
    done = subprocess.run(
        ["java", "-cp", "check", "Check"], cwd=project, input=last.encode(), capture_output=True, check=True
    )
    planned = plan(large(), encoding(large(), Path()))
    first, same, answer = done.stdout.decode().splitlines()
    assert first == f"1.0 0.0 {len(' '.join(planned.layout))}"
    assert same == "true"
    assert answer.split()[0] == str(-(1.1**-893)).replace("e", "E")
    assert answer.split()[1] in ("low", "high")


def test_a_project_vendors_penguins_as_the_documentation_says(tmp_path: Path) -> None:
    """The commands and the program of docs/vendoring.md, in a fresh folder."""
    text = (ROOT / "docs" / "vendoring.md").read_text("utf-8").split("## In a Java project")[1].split("\n## ")[0]
    commands = [line.strip().split() for line in text.splitlines() if line.startswith("    ") and "nngen" in line]
    (tmp_path / "specs/data").mkdir(parents=True)
    for name in ("penguins.yaml", "data/penguins.csv"):
        (tmp_path / "specs" / name).write_text((ROOT / "specs" / name).read_text("utf-8"), "utf-8")
    for _, *arguments in commands:
        run(Path(sys.executable).with_name("nngen"), *arguments, cwd=tmp_path)
    assert len(commands) == 2
    (tmp_path / "src/Shore.java").write_text(text.split("```java\n")[1].split("```")[0], "utf-8")
    run("javac", "-Xlint:all", "-Werror", "-d", "out", "src/Shore.java", "src/Penguins.java", cwd=tmp_path)
    assert run("java", "-cp", "out", "Shore", cwd=tmp_path) == "Chinstrap\n"
    assert "Chinstrap" in text


def test_a_class_in_a_package(tmp_path: Path) -> None:
    """It stands in the folder of its package, and the program that judges it imports it."""
    text = named("xor_mlp").read_text("utf-8").rstrip()
    (tmp_path / "xor_mlp.yaml").write_text(f"{text}\ntargets: [{{name: java, package: org.example}}]\n", "utf-8")
    run(Path(sys.executable).with_name("nngen"), "build", "xor_mlp.yaml", cwd=tmp_path)
    made = tmp_path / "generated/java/org/example/XorMlp.java"
    assert made.read_text("utf-8").startswith("package org.example;\n\nimport ")
    done = verify(made, tmp_path / "xor_mlp.yaml", 20.0)
    assert done.right
    assert done.changed == ()


def test_verify_names_the_line_that_is_wrong(tmp_path: Path) -> None:
    """An edited module of the committed network iris, and one that does not compile."""
    text = (ROOT / "generated" / "java" / "Iris.java").read_text("utf-8")
    line = next(line for line in text.splitlines() if line.strip().startswith("double dz_hidden1 = "))
    number = text.splitlines().index(line) + 1
    nngen = Path(sys.executable).with_name("nngen")
    for edited, says in (
        (text.replace(line, line.replace(";", " * 2.0;"), 1), f"line {number} is `{line.strip()[:-1]} * 2.0;`"),
        (text.replace(line, "    double dz_hidden1 = ;", 1), "it cannot be compiled"),
    ):
        (tmp_path / "Iris.java").write_text(edited, "utf-8")
        command: list[str | Path] = [nngen, "verify", "Iris.java", "--spec", ROOT / "specs" / "iris.yaml"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 1, done.stderr
        assert says in done.stdout
