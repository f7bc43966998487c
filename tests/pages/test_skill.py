"""What `nngen skill` writes: each command in it is followed, in its order."""

import random
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from nngen.cli import main

BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def written(folder: Path) -> str:
    done = CliRunner().invoke(main, ["skill", str(folder)])
    assert (done.exit_code, done.output) == (0, f"wrote {folder}/nngen/SKILL.md\n")
    return (folder / "nngen" / "SKILL.md").read_text("utf-8")


def test_every_command_of_the_skill_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text, drawn = written(tmp_path), random.Random(1)
    rows = [(drawn.gauss(size, 0.3), colour) for size, colour in 60 * [(1.0, "red"), (3.0, "green"), (3.2, "red")]]
    table = [f"{size:.3f},{colour},{'plum' if size < 2 else colour}\n" for size, colour in rows]
    (tmp_path / "fruit.csv").write_text("size,colour,kind\n" + "".join(table), "utf-8")
    monkeypatch.chdir(tmp_path)
    followed = []
    for kind, name, body in BLOCK.findall(text):
        if kind == "yaml":
            Path(name).write_text(body, "utf-8")
        elif kind == "sh":
            for program, *words in map(shlex.split, body.splitlines()):
                assert program == "nngen", body
                done = CliRunner().invoke(main, words)
                assert done.exit_code == 0, f"{words}: {done.output}"
                followed.append(words[0])
        else:
            subprocess.run([sys.executable, "-c", body], check=True)
    assert {"init", "train", "predict", "build", "verify", "import", "export"} <= {*followed} <= main.commands.keys()
    assert [path.name for path in (tmp_path / "small").rglob("*.h")] == ["fruit.h"]


def test_it_is_a_skill(tmp_path: Path) -> None:
    """As agentskills asks for: a name like that of its folder, a description, and no more lines than are read."""
    text = written(tmp_path)
    assert text.startswith("---\nname: nngen\ndescription: ")
    description = text.splitlines()[2].removeprefix("description: ")
    assert len(description) <= 1024
    assert ": " not in description
    assert text.count("\n") <= 150
    options = set(re.findall(r"--[a-z][a-z-]+", text))
    known = {option for command in main.commands.values() for parameter in command.params for option in parameter.opts}
    assert options <= known | {"--help"}


def test_a_file_of_yours_is_kept(tmp_path: Path) -> None:
    (tmp_path / "nngen").mkdir()
    (tmp_path / "nngen" / "SKILL.md").write_text("mine", "utf-8")
    done = CliRunner().invoke(main, ["skill", str(tmp_path)])
    assert done.exit_code == 2
    assert "the file exists already" in done.output
    assert (tmp_path / "nngen" / "SKILL.md").read_text("utf-8") == "mine"
    assert CliRunner().invoke(main, ["skill", str(tmp_path), "--force"]).exit_code == 0
