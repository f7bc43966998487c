"""``dataclass`` as in the standard library, for a package that states hundreds of them.

Before Python 3.13 the standard library compiles six functions for each frozen class, which was a fifth of the time that
a command takes to start. Here only ``__init__`` is compiled; the other functions are shared. The type checker, which
reads the decorator as that of the standard library, sees to it that nobody assigns to an object that is frozen.
"""

import dataclasses
from functools import partial
from operator import attrgetter
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
        made = dataclasses.dataclass(stated, repr=False, eq=False, kw_only=kw_only)
        for name, function in {"__repr__": _repr, **(_comparing(made, frozen) if eq else {})}.items():
            if name not in own:
                setattr(made, name, function)
        return made


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
