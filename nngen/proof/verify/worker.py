"""The program that runs a module under test: ``python -I worker.py``, in its own process and folder.

It imports nothing of nngen, so that it is one file. Requests and answers are lines of JSON on the original standard
input and output. The module itself finds both closed, so that its input and output disturb nothing. A request with the
text of a module comes before the calls of this module. The other side is ``child``.
"""

import ast
import inspect
import json
import os
import pickle
import sys
import traceback
from array import array
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from typing import Any

MAX_RECORDED = 2_000_000
"""Numbers that are recorded in one call: more than a gradient of the largest networks has."""

RECORD, RESULT = "__record__", "__result__"


def recording(tree: ast.Module, functions: Sequence[str]) -> ast.Module:
    """A module some of whose functions record each value that they assign or return, with its name and line."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in functions:
            ast.fix_missing_locations(_Recorder().generic_visit(node))
    return tree


class _Recorder(ast.NodeTransformer):
    """Adds statements that record what others assign or return."""

    def visit(self, node: ast.AST) -> Any:
        """A statement, and those that follow it; functions within the function stay as they are."""
        match node:
            case ast.Assign(targets=targets):
                return [node, *_recorded(node, targets)]
            case ast.AugAssign(target=target) | ast.AnnAssign(target=target, value=ast.expr()):
                return [node, *_recorded(node, [target])]
            case ast.Return(value=ast.expr() as value):
                kept = ast.Assign([ast.Name(RESULT, ast.Store())], value)
                given = ast.Return(ast.Name(RESULT, ast.Load()))
                return [ast.copy_location(kept, node), *_recorded(node, kept.targets), ast.copy_location(given, node)]
            case ast.FunctionDef() | ast.expr():
                return node
        return self.generic_visit(node)


def _recorded(node: ast.stmt, targets: Sequence[ast.expr]) -> list[ast.stmt]:
    """Statements that record the names that a statement assigns."""
    names = [name for target in targets for name in _names(target)]
    made = ast.parse("\n".join(f"{RECORD}({name!r}, {node.lineno}, {name})" for name in names)).body
    return [ast.copy_location(one, node) for one in made]


def _names(target: ast.expr) -> list[str]:
    match target:
        case ast.Name(id=name):
            return [name]
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return [name for part in parts for name in _names(part)]
        case ast.Subscript(value=value) | ast.Starred(value=value):
            return _names(value)
    return []


def plain(value: Any) -> Any:
    """A result as JSON values: numbers, texts, None and nested lists.

    The gradient of an embedding has some rows and their slopes: a dictionary, or a pair of arrays.

    Raises:
        TypeError: it is something else.
        OverflowError: an integer is larger than any float.
    """
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        float(value)  # an OverflowError if it is beyond all floats
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, dict):
        return {"rows": plain(list(value)), "slopes": plain(list(value.values()))}
    if isinstance(value, tuple) and [getattr(part, "ndim", 0) for part in value] == [1, 2]:
        return {"rows": plain(value[0]), "slopes": plain(value[1])}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if hasattr(value, "tolist") and type(value).__module__ == "numpy":
        return plain(value.tolist())
    raise TypeError(f"{type(value).__name__} is neither a number nor a list of numbers")


class Subject:
    """The module under test, and the results that are kept for later calls."""

    def __init__(self, request: Mapping[str, Any]) -> None:
        self.form: str = request["form"]
        self.dtype: str = request["dtype"]
        self.kept: dict[str, Any] = {}
        self.records: list[tuple[str, int, Any]] = []
        self.left = MAX_RECORDED
        self.callbacks: list[Any] = []
        tree = recording(ast.parse(request["source"]), request["record"])
        self.names: dict[str, Any] = {"__name__": request["name"], RECORD: self._record}
        exec(compile(tree, request["name"], "exec"), self.names)  # noqa: S102 (this process is there for it)

    def describe(self) -> dict[str, Any]:
        """The definitions of the module."""
        functions = {name: value for name, value in self.names.items() if inspect.isfunction(value)}
        return {
            "layout": plain(self.names.get("LAYOUT")),
            "parameters": plain(self.names.get("PARAMETERS")),
            "functions": list(functions),
            "defaults": {name: _defaults(function) for name, function in functions.items()},
        }

    def _record(self, name: str, line: int, value: Any) -> None:
        try:
            numbers = _numbers(plain(value))
        except (TypeError, OverflowError):
            return
        self.left -= len(numbers)
        if self.left >= 0:
            self.records.append((name, line, numbers))

    def call(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Call a function: its result, the changed arguments, the callbacks, and the recorded values."""
        function = self.names.get(request["call"])
        if not callable(function):
            raise TypeError(f"the module has no function {request['call']}")
        self.callbacks, self.records, self.left = [], [], MAX_RECORDED
        arguments = [self._argument(argument) for argument in request["arguments"]]
        named = {name: self._argument(argument) for name, argument in request["named"].items()}
        before = [_written(argument) for argument in arguments]
        result = function(*arguments, **named)
        changed = [i for i, argument in enumerate(arguments) if _written(argument) != before[i]]
        if request["keep"]:
            self.kept[request["keep"]] = result
        gives = request["gives"]
        chosen = result if gives == "all" else None if gives == "nothing" else result[gives]
        return {"result": plain(chosen), "changed": changed, "callbacks": self.callbacks, "records": self.records}

    def _argument(self, argument: Mapping[str, Any]) -> Any:
        """An argument as the module gets it."""
        match argument:
            case {"value": value}:
                return value
            case {"parameters": written}:
                if self.form == "weights":
                    return _numbers([_block(shape, text) for shape, text, _ in written])
                return [self._part(*part) for part in written]
            case {"rows": rows}:
                return self._array(rows) if self.form == "numpy" else rows
            case {"integers": numbers}:
                return self._array(numbers, "int64") if self.form == "numpy" else numbers
            case {"kept": name, "item": item}:
                return self.kept[name] if item is None else self.kept[name][item]
            case {"callback": last}:
                return self._callback(last)
        raise ValueError(f"unknown argument {argument}")

    def _part(self, shape: Sequence[int], text: str, rows: list[int] | None) -> Any:
        """A block of parameters, or some rows of an embedding's gradient."""
        block = _block(shape, text)
        if self.form == "numpy":
            array = self._array(block).reshape(shape)
            return array if rows is None else (self._array(rows, "int64"), array)
        if rows is not None:
            return dict(zip(rows, block, strict=True))
        return block if len(shape) > 1 else [block]

    def _array(self, rows: Any, dtype: str = "") -> Any:
        import numpy as np

        return np.array(rows, dtype=dtype or self.dtype)

    def _callback(self, last: int | None) -> Callable[..., bool]:
        def callback(epoch: Any, loss: Any, *more: Any) -> bool:
            self.callbacks.append(plain([epoch, loss, 2 + len(more)]))
            self.kept["callback"] = more
            return bool(epoch == last)

        return callback


def _defaults(function: Callable[..., Any]) -> dict[str, Any]:
    """The defaults of arguments that JSON can have."""
    given = {one.name: one.default for one in inspect.signature(function).parameters.values()}
    return {
        name: value for name, value in given.items() if value is None or isinstance(value, bool | int | float | str)
    }


def _block(shape: Sequence[int], text: str) -> list[Any]:
    """A block of parameters, from the bytes of its numbers: a list of rows, or a list of numbers."""
    numbers = array("d", b64decode(text)).tolist()
    if len(shape) == 1:
        return numbers
    return [numbers[start : start + shape[1]] for start in range(0, len(numbers), shape[1])]


def _numbers(value: Any) -> list[float]:
    if isinstance(value, list | dict):
        return [number for item in (value.values() if isinstance(value, dict) else value) for number in _numbers(item)]
    if isinstance(value, int | float):
        return [float(value)]
    raise TypeError("no number")


def _failure(error: BaseException) -> dict[str, Any]:
    """An error, with the last line of the module in its traceback."""
    said, line = (error.msg, error.lineno) if isinstance(error, SyntaxError) else (str(error), None)
    for frame, number in traceback.walk_tb(error.__traceback__):
        line = number if RECORD in frame.f_globals else line
    return {"error": type(error).__name__, "message": " ".join(said.split())[:300], "line": line}


def _written(value: Any) -> bytes | None:
    """An argument as it is now, to see later whether it has changed."""
    try:
        return pickle.dumps(value)
    except (AttributeError, TypeError, ValueError, pickle.PicklingError, RecursionError):
        return None  # a callback, or what a module has put in


def _supervise() -> None:
    """On Linux, return in a child process; this one waits for it, and then kills all processes that it has left.

    Whatever the module does, even a process that has left its session becomes a child of this one when its own parent
    ends. At SIGTERM the module's process is killed first.
    """
    import ctypes
    import signal

    subreaper = 36  # PR_SET_CHILD_SUBREAPER of linux/prctl.h
    ctypes.CDLL(None).prctl(subreaper, 1, 0, 0, 0)
    module = os.fork()
    if module == 0:
        return
    os.closerange(0, 2)
    signal.signal(signal.SIGTERM, lambda *_: os.kill(module, signal.SIGKILL))
    os.waitid(os.P_PID, module, os.WEXITED | os.WNOWAIT)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # before its number is free for another process
    _, status = os.waitpid(module, 0)
    while children := _children():  # those of a killed process are here the next time
        for child in children:
            os.kill(child, signal.SIGKILL)
        os.wait()
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)  # as shells tell the signal


def _children() -> list[int]:
    try:
        with open("/proc/thread-self/children") as file:
            return [int(number) for number in file.read().split()]
    except OSError:  # a kernel without this file
        return []


def main() -> None:
    """Answer requests until there are no more."""
    if sys.platform == "linux":
        _supervise()
    requests, answers = os.fdopen(os.dup(0), "r"), os.fdopen(os.dup(1), "w")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    sys.setrecursionlimit(10_000)
    subject: Subject
    for line in requests:
        answer: dict[str, Any]
        try:
            request = json.loads(line)
            if "source" in request:
                subject = Subject(request)
                answer = subject.describe()
            elif "call" in request:
                answer = subject.call(request)
            elif "read" in request:
                with open(request["read"]) as file:
                    answer = {"text": file.read()}
            else:
                with open(request["write"], "w") as file:
                    file.write(request["text"])
                answer = {"text": ""}
        except BaseException as error:  # a module may raise anything, SystemExit included
            answer = _failure(error)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
