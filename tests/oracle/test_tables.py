"""Tables as programs write them: modules give the answer of the command for the first row of each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from nngen.cli import main
from nngen.commands.inner import without_ids
from nngen.description.data import encoding, read_frame
from nngen.description.model import Spec, Table
from nngen.plan.planner import plan
from nngen.proof.compiled import Module, Program
from nngen.reading import load, parameter_files
from nngen.targets import texts
from tests.oracle.c_rows import answers_in_c
from tests.oracle.node import Job, run
from tests.support.languages import LANGUAGES, module

pytestmark = pytest.mark.oracle

FOLDER = Path(__file__).parents[1] / "tables"


@dataclass(frozen=True)
class Answered:
    """A trained network, and what the command answers for the first row of its table."""

    name: str
    spec: Spec
    folder: Path
    """Where the spec is."""
    params: Sequence[float]
    row: Mapping[str, str | None]
    answer: str


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> list[Answered]:
    return list(answered(tmp_path_factory.mktemp("tables")))


def answered(out: Path) -> Iterator[Answered]:
    for folder in sorted(path for path in FOLDER.iterdir() if path.is_dir()):
        expected = YAML(typ="safe").load(folder / "expected.yaml")
        [table] = folder.glob("table.*")
        spec, params = out / f"{folder.name}.yaml", out / f"{folder.name}.json"
        given = ["init", table, "--target", expected["target"], "-o", spec, *expected.get("init", ())]
        root = ["--data-root", folder]
        train = ["train", spec, "--save", params, "--epochs", 2, *root]
        answer = ""
        for words in (given, train, ["predict", spec, "--params", params, *root]):
            result = CliRunner().invoke(main, [*map(str, words)])
            assert result.exit_code == 0, result.output
            answer = result.stdout
        net = load(spec, folder)
        assert isinstance(net.data, Table)
        frame = read_frame(table, encoding=net.data.encoding or "")
        values = list(parameter_files.stored(params, plan(without_ids(net))).values)
        row = {name: frame.texts(name)[0] for name in frame.names}
        yield Answered(folder.name, net, out, values, row, answer.splitlines()[1].split(",")[0])


def same(found: object, one: Answered) -> bool:
    """Whether an answer is that of the command."""
    if isinstance(found, list):
        [found] = found
    return found == one.answer if isinstance(found, str) else found == pytest.approx(float(one.answer), rel=1e-12)


def test_javascript(networks: list[Answered], tmp_path: Path) -> None:
    jobs = []
    for one in networks:
        text = texts(one.spec, tmp_path, ["javascript"], parameters=one.params, contents=())["javascript"]
        jobs.append(Job(text, "return m.predict(m.TRAINED, given);", dict(one.row)))
    found = [answer.get("gives") for answer in run(jobs, tmp_path)]
    assert [one.name for one, answer in zip(networks, found, strict=True) if not same(answer, one)] == []


@pytest.mark.parametrize("target", LANGUAGES)
def test_compiled_languages(target: str, networks: list[Answered], tmp_path: Path) -> None:
    modules = [in_language(one, target) for one in networks]
    with Program(target, modules, tmp_path) as program:
        for one, made in zip(networks, modules, strict=True):
            assert made.plan.encoding
            cells = [one.row[column.column] for column in made.plan.encoding.columns]
            found = program.ask(one.name, "predict", params=[*one.params], row=cells)
            assert same(found, one), (one.name, found, one.answer)


def in_language(one: Answered, target: str) -> Module:
    """The module of a network, under the name of its table."""
    return module(one.spec, target, one.folder, frozenset({"forward", "prediction"}), one.name)


def test_c(networks: list[Answered], tmp_path: Path) -> None:
    for one in networks:
        name, measured = one.spec.name, encoding(one.spec, one.folder)
        assert measured
        call = f"{name}_predict({name}_trained, {'row' if measured.plain and len(measured.columns) > 20 else '&row'}"
        body = f'double answers[{name.upper()}_OUTPUTS]; {call}, answers); printf("%.17g\\n", answers[0]);'
        if measured.classes:
            body = f"puts({name}_name_of_class({call})));"
        header = texts(one.spec, one.folder, ["c"], parameters=one.params, contents=())["c"]
        row = [one.row[column.column] for column in measured.columns]
        [found] = answers_in_c(name, header, measured, [row], body, tmp_path)
        assert same(found if measured.classes else float(found), one), (one.name, found, one.answer)
