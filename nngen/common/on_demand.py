"""Load something when a program first asks for it: a module of a package, or a value of a mapping."""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Any, TypeVar

T = TypeVar("T")


def on_demand(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
    """The ``__getattr__`` of a package: commands that do not use such a module need not wait for it.

    Args:
        package: the package, which is its ``__name__``.
        modules: names of its modules, each with the names that it has, separated by blanks.
    """
    places = {name: module for module, names in modules.items() for name in names.split()}

    def find(name: str) -> Any:
        if name not in places:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{places[name]}"), name)

    return find


class OnDemand(MutableMapping[str, T]):
    """A mapping that has the names of all its values, and makes a value when a program first asks for it."""

    def __init__(self, makes: Mapping[str, Callable[[], T]]) -> None:
        self._makes = {**makes}
        self._made: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._made:
            self._made[name] = self._makes[name]()
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._makes

    def __setitem__(self, name: str, value: T) -> None:
        self._makes[name], self._made[name] = lambda: value, value

    def __delitem__(self, name: str) -> None:
        del self._makes[name]
        self._made.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._makes)

    def __len__(self) -> int:
        return len(self._makes)
