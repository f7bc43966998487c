"""Tables as programs write them: the module of JavaScript gives the answer of the command for the first row of each."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from nngen.cli import main
from nngen.commands.inner import without_ids
from nngen.description.data import read_frame
from nngen.description.model import Table
from nngen.plan.planner import plan
from nngen.reading import load, parameter_files
from nngen.targets import texts
from tests.oracle.node import Job, run

pytestmark = pytest.mark.oracle

FOLDER = Path(__file__).parents[1] / "tables"


def test_first_rows(tmp_path: Path) -> None:
    jobs, answers = [], {}
    for folder in sorted(path for path in FOLDER.iterdir() if path.is_dir()):
        expected = YAML(typ="safe").load(folder / "expected.yaml")
        [table] = folder.glob("table.*")
        spec, params = tmp_path / f"{folder.name}.yaml", tmp_path / f"{folder.name}.json"
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
        values = parameter_files.read(params, plan(without_ids(net)))
        text = texts(net, tmp_path, ["javascript"], parameters=values, contents=())["javascript"]
        row = {name: frame.texts(name)[0] for name in frame.names}
        jobs.append(Job(text, "return m.predict(m.TRAINED, given);", row))
        answers[folder.name] = answer.splitlines()[1].split(",")[0]
    for (name, answer), found in zip(answers.items(), run(jobs, tmp_path), strict=True):
        gives = found.get("gives")
        if isinstance(gives, str):
            assert gives == answer, name
        else:
            assert gives == pytest.approx(float(answer), rel=1e-12), (name, found)
