"""``nngen.common.records``: its classes are as those of the standard library, apart from assignments to frozen ones."""

import ast
import dataclasses
import pickle
from dataclasses import field, replace
from typing import Any

import pytest

from nngen.common import records
from tests.support.modules import ROOT


def classes(decorator: Any) -> list[Any]:
    """The same classes by a decorator."""

    @decorator(frozen=True)
    class Point:
        x: float
        y: float = 0.0
        label: str = field(default="", compare=False)
        secret: str = field(default="", repr=False)

    @decorator(frozen=True, kw_only=True)
    class Named(Point):
        name: str

    @decorator(frozen=True)
    class Bare:
        pass

    @decorator(frozen=True)
    class Own:
        x: float

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Own)

        def __hash__(self) -> int:
            return 7

        def __repr__(self) -> str:
            return "own"

    @decorator(frozen=True)
    class Alike:
        x: float

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Alike)

    @decorator(frozen=True, eq=False)
    class Same:
        x: float

    @decorator
    class Changed:
        x: float

    return [Point, Named, Bare, Own, Alike, Same, Changed]


OURS, THEIRS = classes(records.dataclass), classes(dataclasses.dataclass)


def objects(kinds: list[Any]) -> list[Any]:
    """Some objects of each class."""
    point, named, bare, *others = kinds
    points = [point(1.0), point(1.0, 0.0, "a"), point(1.0, 2.0), point(1.0, secret="s"), replace(point(1.0), y=2.0)]
    return [*points, named(x=1.0, name="n"), bare(), bare(), *(kind(x) for kind in others for x in (1.0, 1.0, 2.0))]


def test_objects_are_shown_and_compared_as_those_of_the_standard_library() -> None:
    ours, theirs = objects(OURS), objects(THEIRS)
    assert [*map(repr, ours)] == [*map(repr, theirs)]
    assert [[a == b for b in ours] for a in ours] == [[a == b for b in theirs] for a in theirs]


def test_they_have_the_same_hashes() -> None:
    """Those of equal fields, of a class's own function, or none."""
    values = [x for x in zip(objects(OURS), objects(THEIRS), strict=True) if type(x[1]).__hash__ is not None]
    assert len(values) == 17
    same = [len({a, b}) for a, _ in values for b, _ in values]
    assert same == [len({a, b}) for _, a in values for _, b in values]


@pytest.mark.parametrize("changed", [OURS[-1], THEIRS[-1]])
def test_what_can_change_has_no_hash(changed: Any) -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(changed(1.0))


def test_the_package_uses_them() -> None:
    """All but what users hold (frozen for them, too), the source of modules, and a class with slots."""
    found = {
        path.relative_to(ROOT / "nngen").as_posix()
        for path in (ROOT / "nngen").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        and node.module == "dataclasses"
        and "dataclass" in {a.name for a in node.names}
    }
    assert {name for name in found if not name.startswith(("interface/", "sklearn/"))} == {
        "common/records.py",
        "plan/assignment.py",
        "runtime/kit.py",
    }


def test_pickles() -> None:
    from nngen.plan.loops import Number

    one = Number("z", ("i",))
    assert pickle.loads(pickle.dumps(one)) == one
