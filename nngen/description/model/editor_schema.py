"""The JSON Schema of a spec for editors.

It has the content of ``schema``, in a form that language servers complete, explain and check well: a choice is a
mapping whose options depend on its name, each name has a description, and an unknown name is a mistake unless the spec
has custom formulas. It also has the rules between fields that a schema can express. ``defaultSnippets``,
``doNotSuggest``, ``errorMessage`` and ``patternErrorMessage`` are keywords of VS Code, which validators ignore.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from nngen.common.languages import LANGUAGES
from nngen.common.text import joined
from nngen.description.model.names import NAME
from nngen.description.model.schema import schema
from nngen.mathematics.catalogue import KINDS, LOSSES, names_classes

Node = dict[str, Any]

_KINDS = {"initial": "initializer", "PythonTarget": "target", "Standardize": "scale"}
"""The name of a choice, if it is not the first word of the definitions of its entries."""

_NETWORK: Node = {
    "label": "a network",
    "description": "A network with one hidden layer.",
    "body": {
        "name": "${1:network}",
        "inputs": "^${2:2}",
        "layers": [
            {"name": "hidden", "units": "^${3:4}", "activation": "${4:tanh}"},
            {"name": "output", "units": "^${5:1}", "activation": "${6:sigmoid}"},
        ],
        "loss": "${7:binary_cross_entropy}",
        "training": {"optimizer": {"name": "${8:adam}", "rate": "^${9:0.01}"}, "epochs": "^${10:100}"},
    },
}
"""The suggestion for an empty file."""


def editor_schema() -> Node:
    """The JSON Schema of a spec for editors, draft 2020-12."""
    plain = schema()
    return _Editor(plain.pop("$defs")).spec(plain)


def _of(**properties: Node) -> Node:
    """Conditions for some fields of a mapping; the fields are described elsewhere."""
    return {"properties": {name: {**node, "doNotSuggest": True} for name, node in properties.items()}}


def _has(**properties: Node) -> Node:
    """A mapping that has these fields and meets their conditions."""
    return {"type": "object", **_of(**properties), "required": list(properties)}


def _chosen(pattern: str, message: str = "") -> Node:
    """A choice whose name matches a pattern, as a short form or in a mapping."""
    name = {"pattern": pattern} | ({"patternErrorMessage": message} if message else {})
    return {"type": ["string", "object"], **name, **_of(name={"type": "string", **name}), "required": ["name"]}


def _entry(*names: str) -> Node:
    """A choice of one of these entries."""
    return _chosen(f"^(?:{'|'.join(names)})$", f"This must be {joined(names, 'or')}.")


def _none(message: str) -> Node:
    return {"type": "null", "errorMessage": message}


def _if(condition: Node, then: Node) -> Node:
    return {"if": condition, "then": then}


_SEVERAL = {"type": ["integer", "array"], "minimum": 2, "minItems": 2}
_OF_WEIGHTS = _chosen("^(?!orthogonal$)", "orthogonal is for weight matrices, not for biases.")
_BATCH_NORM = _has(layers={"contains": _has(normalization=_entry("batch_norm"))})
_SEVERAL_EXAMPLES = _of(training={**_of(batch_size={"not": {"const": 1}}), "required": ["batch_size"]})
_UNWEIGHTED = _none("The loss has no `example_weights: true`.")
_SHARE = {"minimum": 0, "maximum": 1}
_NO_PLACES = {"type": "number", "errorMessage": "With `split`, write a share."}
_RELATIVE_FILE = r"^(?!/|.:|.*\\|(?:.*/)?\.{0,2}$)"
"""No root, no drive, no backslash, and no folder: ``data/``, ``.`` and ``..``."""
_FROZEN = _has(trainable={"const": False})
_FROZEN_LAYER = {
    **_has(weights=_FROZEN, bias={"anyOf": [{"const": False}, _FROZEN]}),
    "anyOf": [{"not": {"required": ["normalization"]}}, _of(normalization=_FROZEN)],
}

TARGETS: dict[str, Node] = {
    "hinge": {"enum": [-1, 1]},
    "squared_hinge": {"enum": [-1, 1]},
    "categorical_hinge": {"enum": [0, 1]},
    "poisson": {"minimum": 0},
    "kl_divergence": _SHARE,
    "binary_cross_entropy": _SHARE,
    "cross_entropy": _SHARE,
    "smoothed_cross_entropy": _SHARE,
}
"""The targets that losses accept, if these are limited and do not depend on the output activation."""

_WIDE = [kind.name for kind in KINDS.values() if not (kind.dense or kind.over_units)]
"""The kinds without defaults that have more than one unit."""

_RULES: dict[str, list[Node]] = {
    "Layer": [
        {"if": _has(kind={"not": {"const": "dense"}}), "then": _of(), "else": {"required": ["units", "activation"]}},
        _if(_has(kind={"enum": _WIDE}), {"required": ["units"]}),
        _if(_has(activation=_entry("softmax")), _of(units=_SEVERAL)),
        _if(_has(normalization=_entry("layer_norm", "rms_norm")), _of(units=_SEVERAL)),
    ],
    "Bias": [_of(initial={"if": {"type": ["string", "object"]}, "then": _OF_WEIGHTS})],
    "Initial": [_of(biases=_OF_WEIGHTS)],
    "Rows": [_if({"required": ["split"]}, _of(rows={"minItems": 2}))],
    "Table": [
        _if(
            _has(target={"type": ["array", "object"]}), _of(classes=_none("Several target columns cannot be classes."))
        ),
        _of(file={"pattern": _RELATIVE_FILE, "patternErrorMessage": "Expected a file, relative to the spec's folder."}),
    ],
    "loss": [
        {
            "if": _has(example_weights={"const": True}),
            "else": _if(_has(batch={"const": "weighted_mean"}), _has(class_weights={"type": "array"})),
        },
        _of(class_weights={"contains": {"exclusiveMinimum": 0}, "errorMessage": "All class weights are 0."}),
        _of(class_weights={"minItems": 2}),
    ],
}
"""Rules between the fields of a mapping; ``nngen.reading`` has the reasons."""

_RULES_ACROSS: list[Node] = [
    _if(_has(loss=_entry("perceptron")), _of(training=_of(optimizer=_entry("perceptron")))),
    _if(_has(training=_has(optimizer=_entry("perceptron"))), _of(loss=_entry("perceptron"))),
    _of(
        layers={
            "not": {"type": "array", "minItems": 1, "items": _FROZEN_LAYER},
            "errorMessage": "Nothing to train: all weights and biases are frozen.",
        }
    ),
    _if(_BATCH_NORM, _SEVERAL_EXAMPLES),
    _if(_has(loss=_has(batch={"const": "weighted_mean"})), _SEVERAL_EXAMPLES),
    _if(_BATCH_NORM, _of(targets={"items": _of(unroll={"not": {"const": "weights"}})})),
    _if(_has(data=_has(split={"type": "object"})), _of(training=_of(stop=_of(validation=_NO_PLACES)))),
    _if(
        _has(inputs={"type": ["integer", "array"]}),
        _of(layers={"items": _of(name={"not": {"const": "x"}})}),
    ),
    *(
        _if(condition, _of(inputs={"not": {"type": "array", "contains": {"enum": names}}}))
        for condition, names in (
            (_has(layers={"contains": _has(dropout={"type": "number"})}), ["seed"]),
            (_has(loss=_has(example_weights={"const": True})), ["weight", "class_weight"]),
            (_has(loss=_has(class_weights={"type": "array"})), ["weight", "class_weight"]),
        )
    ),
    {
        "if": _has(loss=_has(example_weights={"const": True})),
        "else": _of(data=_of(weight=_UNWEIGHTED, rows={"items": _of(weight=_UNWEIGHTED)})),
    },
    *(
        _if(_has(loss=_entry(loss)), _of(data=_of(rows={"items": _of(y={"items": numbers})})))
        for loss, numbers in TARGETS.items()
    ),
    _of(targets={"allOf": [{"contains": _entry(name), "minContains": 0, "maxContains": 1} for name in LANGUAGES]}),
]
"""Rules between the parts of a spec."""


class _Editor:
    """Rewrites a schema; ``plain`` has its definitions, ``made`` those for editors."""

    def __init__(self, plain: Node) -> None:
        self.plain = plain
        self.made: Node = {}
        self.rules = list(_RULES_ACROSS)

    def spec(self, plain: Node) -> Node:
        """The whole schema."""
        spec = {**self.node(plain), "title": "network", "defaultSnippets": [_NETWORK]}
        for name, node in self.plain.items():
            rules = {"allOf": _RULES[name]} if name in _RULES else {}
            self.made[name] = {"title": _title(name), **self.node(self._entry(node)), **rules}
        return {**spec, "allOf": self.rules, "$defs": dict(sorted(self.made.items()))}

    def node(self, node: Any) -> Any:
        """A part of the schema, without list and mapping defaults, which editors insert as `[object Object]`."""
        match node:
            case list():
                return [self.node(item) for item in node]
            case {"anyOf": choices} if any(self._name(choice) for choice in choices):
                return self._choice(node)
            case {"anyOf": choices, **rest}:
                return {**self.node(rest), "anyOf": [self.node(_titled(choice)) for choice in choices]}
            case dict():
                return {
                    key: self.node(value)
                    for key, value in node.items()
                    if key != "default" or not isinstance(value, list | dict)
                }
        return node

    def _name(self, choice: Node) -> str:
        """The name of an entry; empty for all other nodes."""
        entry = self.plain.get(choice.get("$ref", "").rpartition("/")[2], {})
        return str(entry.get("properties", {}).get("name", {}).get("const", ""))

    def _entry(self, node: Node) -> Node:
        """The options of an entry, without its name, which is known already; other definitions as they are."""
        name = node.get("properties", {}).get("name", {}).get("const")
        if name is None:
            return node
        properties = {**node["properties"], "name": True}
        if name in LOSSES and "class_weights" in properties and not names_classes(LOSSES[name]):
            properties["class_weights"] = _none(f"The targets of {name} are not classes.")
        required = [field for field in node["required"] if field != "name"]
        return {**node, "title": name, "properties": properties, "required": required}

    def _choice(self, node: Node) -> Node:
        """A choice by name: short forms, a mapping with options, and the other forms of the field."""
        refs = {name: choice["$ref"] for choice in node["anyOf"] if (name := self._name(choice))}
        prefix = next(iter(refs.values())).rpartition("/")[2].partition("_")[0]
        kind, custom_entry = _KINDS.get(prefix, prefix), f"{prefix}_custom"
        bare = [name for choice in node["anyOf"] for name in choice.get("enum", ())]
        others = [_titled(choice) for choice in node["anyOf"] if choice.get("type") in ("array", "null")]
        snippets = {"defaultSnippets": [self._snippet(name, ref) for name, ref in refs.items() if name not in bare]}
        by_name = [_if(_has(name={"type": "string", "pattern": f"^{name}$"}), {"$ref": refs[name]}) for name in refs]
        names: list[Node] = [*self._described(refs)]
        mapping = {
            "type": "object",
            "title": kind,
            **_named(kind, names),
            "allOf": [*by_name, *_RULES.get(kind, ()), {"if": {"required": ["name"]}, "else": snippets}],
        }
        choices = [*others, *self._described({name: refs[name] for name in bare})]
        if custom_entry in self.plain:
            custom = {"type": "string", "title": f"custom {kind}", "description": f"The name of a custom {kind}."}
            unlisted = {
                **custom,
                "pattern": f"^(?!(?:{'|'.join(refs)})$)",
                "patternErrorMessage": NAME["patternErrorMessage"],
            }
            choices.append(unlisted)
            mapping |= _named(kind, [*names, unlisted])
            mapping["allOf"].append(_if(_has(name=unlisted), {"$ref": f"#/$defs/{custom_entry}"}))
            self.rules.append(_unless_custom(kind, refs))
        never = [{"not": {}, **snippets}] if snippets["defaultSnippets"] else []  # suggested while the value is empty
        rest = {key: self.node(value) for key, value in node.items() if key != "anyOf"}
        return {**rest, "anyOf": [*choices, mapping, *never]}

    def _described(self, refs: dict[str, str]) -> Iterator[Node]:
        """The names of entries with their descriptions."""
        for name, ref in refs.items():
            yield {"const": name, "title": name, "description": self.plain[ref.rpartition("/")[2]]["description"]}

    def _snippet(self, name: str, ref: str) -> Node:
        """The snippet of an entry with its required options."""
        entry = self.plain[ref.rpartition("/")[2]]
        needed = [field for field in entry["required"] if field != "name"]
        body = {"name": name} | {field: f"^${place}" for place, field in enumerate(needed, 1)}
        return {"label": name, "description": entry["description"], "body": body}


def _titled(choice: Node) -> Node:
    """An alternative with a title, which editors show."""
    words = {"integer": "number", "array": "list", "string": "text", "boolean": "true or false", "null": "nothing"}
    kind = choice.get("const") or words.get(choice.get("type", ""), choice.get("type"))
    return {"title": kind, **choice} if kind else choice


def _named(kind: str, names: list[Node]) -> Node:
    return {
        "properties": {"name": {"description": f"The name of the {kind}.", "anyOf": names}},
        "required": ["name"],
    }


def _unless_custom(kind: str, known: Iterable[str]) -> Node:
    """The rule that a spec without custom formulas chooses from the catalogue."""
    field = {"activation": "activations", "loss": "losses"}[kind]
    message = f"Unknown {kind}. Known: {', '.join(known)}; define others under `{field}`."
    choice = _chosen(f"^(?:{'|'.join(known)})$", message)
    place = _of(loss=choice) if kind == "loss" else _of(layers={"items": _of(activation=choice)})
    return {"if": {"required": [field]}, "else": place}


def _title(definition: str) -> str:
    """The name of a definition in words, such as `custom activation`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", definition).lower()
