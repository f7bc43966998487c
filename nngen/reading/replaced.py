"""A text with values replaced; comments and all other values stay as they are."""

import json
import re
from collections.abc import Iterable
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from nngen.reading.overrides import OPTION, override
from nngen.reading.yaml_reader import read
from nngen.reading.yaml_writer import block, flow, quoted


def replaced(text: str, path: str, assignments: Iterable[str]) -> str:
    """The text of a document with values replaced.

    Args:
        text: the document, YAML or JSON.
        path: its suffix ``.json`` means JSON.
        assignments: each a place and a value in YAML, such as ``layers.0.units=8``, which ``override`` accepts.

    Raises:
        SpecError: the document or an assignment is wrong.
    """
    document, is_json = read(text, path), path.lower().endswith(".json")
    found = document.text
    for assignment in assignments:
        override(document, [assignment])
        place, _, given = assignment.partition("=")
        value = read(f"value: {given}\n", OPTION).value["value"]
        found = _Text(found, is_json).put(place.split("."), value)
    if read(found, path).value == document.value:
        return found
    # a rare form, such as a key without a value in braces: the values count more than the comments
    return json.dumps(document.value, indent=2) if is_json else "".join(f"{line}\n" for line in block(document.value))


class _Text:
    """A text and the places of its values."""

    def __init__(self, text: str, is_json: bool) -> None:
        self.text, self.is_json = text, is_json
        # white space as the reader has it
        self.top = YAML(typ="safe", pure=True).compose(re.sub("[\t\n]", " ", text) if is_json else text)

    def put(self, steps: list[str], value: Any) -> str:
        """The text with another value at a place."""
        key: ScalarNode | None = None
        node = self.top
        for step in steps:
            if isinstance(node, SequenceNode):
                key, node = None, node.value[int(step)]
            elif isinstance(node, MappingNode):
                pairs = {name.value: (name, each) for name, each in node.value}
                if step not in pairs:  # only the last step may be new
                    return self._added(node, step, value)
                key, node = pairs[step]
            else:  # a choice by its bare name, which gets an option
                value = {"name": node.value, step: value}
        return self._exchanged(key, node, self._written(value))

    def _written(self, value: Any) -> str:
        return json.dumps(value) if self.is_json else flow(value)

    def _exchanged(self, key: ScalarNode | None, node: Node, written: str) -> str:
        """The text with other words for a value, on the line of its key."""
        start, end = node.start_mark.index, self._end(node)
        if key is None:  # an empty item of a list has no place of its own
            return self.text if _is_empty(node) else self.text[:start] + written + self.text[end:]
        colon = self._colon(key)
        if _is_empty(node):
            start = end = colon
        return f"{self.text[:colon]} {written}{self.text[colon:start].rstrip()}{self.text[end:]}"

    def _added(self, mapping: MappingNode, name: str, value: Any) -> str:
        """The text with another key at the end of a mapping."""
        entry = f"{json.dumps(name) if self.is_json else quoted(name)}: {self._written(value)}"
        if not mapping.flow_style:
            line = self.text.find("\n", self._end(mapping))
            end = len(self.text) if line < 0 else line
            indent = " " * mapping.value[0][0].start_mark.column
            return f"{self.text[:end]}\n{indent}{entry}{self.text[end:]}"
        end = self._end(mapping.value[-1][1]) if mapping.value else mapping.start_mark.index + 1
        return f"{self.text[:end]}{', ' * bool(mapping.value)}{entry}{self.text[end:]}"

    def _end(self, node: Node) -> int:
        """The index after the last character of a value; the parser gives that of the next one to a block."""
        if not isinstance(node, CollectionNode) or node.flow_style:
            end: int = node.end_mark.index
            return len(self.text[:end].rstrip("\n"))
        last = node.value[-1]
        if isinstance(node, SequenceNode):
            return self._end(last)
        return self._colon(last[0]) if _is_empty(last[1]) else self._end(last[1])

    def _colon(self, key: ScalarNode) -> int:
        """The index after the colon of a key."""
        return self.text.index(":", key.end_mark.index) + 1


def _is_empty(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.start_mark.index == node.end_mark.index
