"""What a command has, its function in Python has: a table of options and arguments."""

import inspect
from pathlib import Path

import pytest

import nngen
from nngen.cli import main
from tests.support.modules import ROOT

FILES = "the result has `save`, and gives what is in the file"
TABLE = "a table of another folder is an argument"
STATED = "`settings`, or `load`, states it for the spec's data, and a table in memory has it"
SCHEDULED = "a program chooses its own processes, as nngen.dask shows"

REASONS = {
    ("build", "check"): FILES,
    ("build", "file"): FILES,
    ("build", "diff"): FILES,
    ("init", "trains"): "it is `nngen.train`",
    ("init", "rows"): "it is `nngen.predict`",
    ("predict", "decimal"): STATED,
    ("evaluate", "decimal"): STATED,
    ("prove", "dtype"): "int8 is the only one",
    ("prove", "certificate"): "it repeats the command, with its files",
    ("prove", "check"): "it repeats the command, with its files",
    ("train", "encoding"): STATED,
    ("train", "decimal"): STATED,
    ("train", "save"): FILES,
    ("train", "history"): "it is in the result",
    ("train", "jobs"): SCHEDULED,
    ("train", "dask"): SCHEDULED,
    ("train", "shards"): SCHEDULED,
    ("trace", "key"): "it is the text without `blank`",
    ("verify", "machine"): "the result has its facts",
}
"""Why an option is no argument; ``out``, ``force`` and ``data_root`` of all commands are below."""

ARGUMENTS = {
    ("build", "targets"): "target",
    ("build", "specs"): "network",
    ("course", "out"): "folder",
    ("course", "force"): "overwrite",
    ("evaluate", "data"): "table",
    ("export", "narrow"): "dtype",
    ("export", "onnx"): "kind",
    ("export", "safetensors"): "kind",
    ("export", "torch"): "kind",
    ("export", "keras"): "kind",
    ("export", "arduino"): "kind",
    ("export", "force"): "overwrite",
    ("init", "file"): "table",
    ("predict", "data"): "table",
    ("prove", "asked"): "properties",
    ("trace", "csv"): "table",
    ("trace", "full"): "digits",
    ("train", "overrides"): "settings",
    ("train", "searches"): "search",
    ("train", "page"): "report",
    ("train", "force"): "overwrite",
}
"""The arguments that have another name than their option."""

GENERAL = {"out": FILES, "force": FILES, "data_root": TABLE}


def test_every_option_is_an_argument_or_has_a_reason() -> None:
    used: set[tuple[str, str]] = set()
    for name in sorted({*main.commands} - {"skill", "formulas", "schema"}):
        function = getattr(nngen, {"import": "import_"}.get(name, name))
        arguments = inspect.signature(function).parameters
        for option in main.commands[name].params:
            key = name, option.name or ""
            argument = ARGUMENTS.get(key, "network" if key[1] == "spec" and "network" in arguments else key[1])
            assert (argument in arguments) != (key in REASONS or (key not in ARGUMENTS and key[1] in GENERAL)), key
            used.add(key)
    assert {*REASONS, *ARGUMENTS} <= used


@pytest.mark.filterwarnings("ignore:the network is worse", "ignore:each of")
def test_a_card_and_groups_are_those_of_the_command(tmp_path: Path) -> None:
    table = ROOT / "specs/data/penguins.csv"
    network = nngen.init(table, "species")
    card = tmp_path / "card.md"
    nngen.train(network, epochs=2, card=card, by="sex", progress=False)
    assert "female" in card.read_text()
    with pytest.raises(nngen.SpecError, match="exists"):
        nngen.train(network, epochs=2, card=ROOT / "README.md", progress=False)
    with pytest.raises(nngen.SpecError, match="add one of them"):
        nngen.train(network, epochs=2, by="sex", progress=False)


@pytest.mark.filterwarnings("ignore:the network is worse", "ignore:the items with the most")
def test_rankings_are_those_of_the_command() -> None:
    pairs = [(u, i) for u in range(12) for i in range(9) if (u + i) % 3]
    ratings = [{"user": f"u{u}", "item": f"i{i}", "stars": float(u * i % 5 + 1)} for u, i in pairs]
    network = nngen.init(ratings, "stars", ratings=("user", "item"))
    result = nngen.train(network, epochs=3, progress=False)
    found = nngen.evaluate(result, top=3)
    assert [*found.metrics] == ["network", "popularity"]
    assert str(found).startswith("relevant: held-out ratings")
    assert "top 3" in found._repr_html_()
    every = nngen.predict(result, top=2)
    assert {*every[0]} == {"user", "item", "stars"}
    for wrong in ({"user": "u1"}, {"similar": "i1"}, {"top": 2, "of": "item"}, {"top": 2, "interval": True}):
        with pytest.raises(nngen.SpecError):
            nngen.predict(result, **wrong)
    assert all({*row} == {"item", "similarity"} for row in nngen.predict(result, top=2, similar="i1"))
    with pytest.warns(nngen.Caution, match="no user is called"):
        nngen.predict(result, top=2, user="nobody")


def test_a_module_has_a_selftest_and_tables_have_a_size() -> None:
    assert "def selftest" in nngen.build(ROOT / "specs/xor_mlp.yaml", "python", selftest=True).text
    with pytest.raises(nngen.SpecError, match="belong to `dtype`"):
        nngen.build(ROOT / "specs/xor_mlp.yaml", "c", table=64)
    with pytest.raises(nngen.SpecError, match="a whole number from 16 to 256"):
        nngen.build(ROOT / "specs/xor_mlp.yaml", "c", table=8, dtype="int8")
