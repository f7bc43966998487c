"""``dataclass`` as in the standard library, for a package that states hundreds of them.

The standard library compiles functions for each class when it is stated, which was a fifth of the time that a command
takes to start. Here a class gets them when it is first used: a command loads many classes, and uses few. The functions
that need not be compiled are shared. The type checker, which reads the decorator as that of the standard library, sees
to it that nobody assigns to an object that is frozen.
"""

import dataclasses
from collections.abc import Callable
from functools import partial
from operator import attrgetter
from threading import RLock
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(stated=None, /, *, frozen=False, eq=True, kw_only=False):
        """Give a class the functions of a dataclass that it does not state itself."""
        if stated is None:
            return partial(dataclass, frozen=frozen, eq=eq, kw_only=kw_only)
        own = {name for name, value in vars(stated).items() if value is not None}
        later = [name for name in (*_MADE, *(_COMPARING if eq else ())) if name not in own]

        def make() -> None:
            for name in later:
                delattr(stated, name)
            dataclasses.dataclass(stated, repr=False, eq=False, kw_only=kw_only)
            for name, function in _comparing(stated, frozen).items():
                if name in later:
                    setattr(stated, name, function)

        for name in later:
            setattr(stated, name, _Later(stated, name, make))
        if "__repr__" not in own:
            stated.__repr__ = _repr
        return stated


_MADE = ("__dataclass_fields__", "__dataclass_params__", "__init__", "__match_args__")
"""The attributes that the standard library adds to each class."""

_COMPARING = ("__eq__", "__hash__")
"""The methods that it adds where objects are equal by their values."""

_LOCK = RLock()
"""Held while a class is made; its base classes are made meanwhile."""


class _Later:
    """Stands for an attribute of a class until a program first asks for one of them; then all are made."""

    def __init__(self, owner: type, name: str, make: Callable[[], None]) -> None:
        self.owner, self.name, self.make = owner, name, make

    def __get__(self, record: object, kind: type) -> Any:
        with _LOCK:
            if vars(self.owner)[self.name] is self:
                self.make()
        made = vars(self.owner)[self.name]
        return made.__get__(record, kind) if callable(made) else made


def _repr(record: Any) -> str:
    shown = (f"{field.name}={getattr(record, field.name)!r}" for field in dataclasses.fields(record) if field.repr)
    return f"{type(record).__qualname__}({', '.join(shown)})"


def _comparing(made: type, frozen: bool) -> dict[str, Any]:
    """Equality and hash by the values of the fields; an object that can change has no hash."""
    names = [field.name for field in dataclasses.fields(made) if field.compare]
    values = attrgetter(*names) if names else lambda record: ()

    def equal(record: Any, other: Any) -> bool:
        return values(record) == values(other) if record.__class__ is other.__class__ else NotImplemented

    return {"__eq__": equal, "__hash__": (lambda record: hash(values(record))) if frozen else None}
