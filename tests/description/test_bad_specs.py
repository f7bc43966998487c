"""Every spec in ``bad_specs`` is refused with exactly the messages that stand beside it."""

from pathlib import Path

import pytest

from nngen.common.diagnostics import SpecError
from nngen.reading.source import load
from tests.support.bad_specs import BAD, FOLDER


@pytest.mark.parametrize("name", [path.name for path in BAD])
def test_messages(name: str, rewrite: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    with pytest.raises(SpecError) as caught:
        load(Path(name))
    printed = f"{caught.value}\n"
    recorded = (FOLDER / name).with_suffix(".txt")
    if rewrite:
        recorded.write_text(printed, "utf-8")
    meant = "if this is meant: pytest tests/description/test_bad_specs.py --rewrite"
    assert printed == recorded.read_text("utf-8"), meant
