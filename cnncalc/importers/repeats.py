"""Finds repeated parts of a list of steps, and writes them as blocks with arguments."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from cnncalc.layers import KINDS
from cnncalc.layers.contract import IN_PLACE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Step = Mapping[str, Any]

OUTER = "x"  # what a block calls its input
LEAST = 3  # steps of a block
MODIFIERS = ("name", "from")
STRIDED = ("conv", "depthwise")


class Part(NamedTuple):
    """Steps between two places where a single volume is needed later."""

    steps: Sequence[Step]
    pattern: Any  # equal for parts that differ only in numbers; None if a part needs more than its input
    values: tuple[Any, ...]  # the numbers
    again: bool  # whether a later step than the first takes the input


def with_blocks(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a network in which parts that occur several times are blocks, and equal neighbours are repeated."""
    parts = list(_with_activations(parted([_with_stride(step) for step in document["layers"]])))
    if any(part.pattern is None for part in parts):  # parts that share weights or volumes
        return dict(document)
    alike: dict[Any, list[Part]] = {}
    for part in parts:
        alike.setdefault(part.pattern, []).append(part)
    blocks: dict[str, Any] = {}
    calls: dict[Any, tuple[str, dict[str, list[int]]]] = {}
    for pattern, same in alike.items():
        if same[0].again or (len(same) > 1 and len(same[0].steps) >= LEAST):
            name, arguments = f"block{len(blocks) + 1}", arguments_of(same)
            calls[pattern] = name, arguments
            blocks[name] = block(same[0], arguments)
    layers: list[dict[str, Any]] = []
    for (pattern, values), group in groupby(parts, lambda part: (part.pattern, part.values)):
        found = list(group)
        if pattern not in calls:
            layers += [_flat(step, part, first=i == 0) for part in found for i, step in enumerate(part.steps)]
            continue
        name, arguments = calls[pattern]
        call = {name: None, **{argument: values[places[0]] for argument, places in arguments.items()}}
        layers.append({**call, "repeat": len(found)} if len(found) > 1 else call)
    kept = {key: value for key, value in document.items() if key != "layers"}
    return {**kept, **({"blocks": blocks} if blocks else {}), "layers": layers}


def _with_stride(step: Step) -> Step:
    """Return a step with its stride, so that parts with and without one are one block."""
    kind, main = next(iter(step.items()))
    return {kind: main, "stride": 1, **step} if kind in STRIDED else step


def _with_activations(parts: Iterator[Part]) -> Iterator[Part]:
    """Yield the parts, each with the activation that follows it."""
    before: Part | None = None
    for part in parts:
        alone = len(part.steps) == 1 and KINDS[next(iter(part.steps[0]))].storage == IN_PLACE
        if before is not None and alone and len(before.steps) > 1 and before.pattern is not None and part.pattern is not None:
            moved = ((((len(before.steps) - 1, ""),), part.pattern[0][1]),)
            before = Part([*before.steps, *part.steps], before.pattern + moved, before.values + part.values, before.again)
            continue
        if before is not None:
            yield before
        before = part
    if before is not None:
        yield before


def parted(steps: Sequence[Step]) -> Iterator[Part]:
    """Yield the parts of a list of steps."""
    at = {"input": -1, **{step["name"]: i for i, step in enumerate(steps)}}
    sources = [_sources(step, i, steps) for i, step in enumerate(steps)]
    last = dict.fromkeys(range(-1, len(steps)), -1)  # by step, the last one that takes its output
    for i, names in enumerate(sources):
        for name in names:
            last[at[_base(name)]] = i
    far, start = -1, 0
    for cut in range(1, len(steps) + 1):
        far = max(far, last[cut - 2])  # of all but the last one before the cut
        if next(iter(steps[cut - 1])) == "split":  # its parts are several volumes
            far = max(far, last[cut - 1])
        if far < cut:
            yield _part(steps[start:cut], sources[start:cut], steps[start - 1]["name"] if start else "input")
            start = cut


def _sources(step: Step, at: int, steps: Sequence[Step]) -> list[str]:
    """Return the names of the inputs of a step."""
    given = step.get("from")
    if given is not None:
        return [given] if isinstance(given, str) else list(given)
    if KINDS[next(iter(step))].is_source:
        return []
    return [steps[at - 1]["name"] if at else "input"]


def _base(name: str) -> str:
    """Return the step of a name: that of a split, without the number of its part."""
    return name.partition("[")[0]


def _part(steps: Sequence[Step], sources: Sequence[Sequence[str]], before: str) -> Part:
    """Return a part: its pattern has the kinds, the fields and their words, and the inputs by position."""
    at = {before: -1, **{step["name"]: i for i, step in enumerate(steps)}}
    pattern: list[Any] = []
    values: list[Any] = []
    whole = True
    for step, names in zip(steps, sources, strict=True):
        whole = whole and "weights" not in step and all(_base(name) in at for name in names)
        inputs = tuple([(at.get(_base(name), -2), name.partition("[")[2]) for name in names])
        fields = [(key, value) for key, value in step.items() if key not in MODIFIERS]
        pattern.append((inputs, tuple([(key, None if _varies(value) else value) for key, value in fields])))
        values += [tuple(value) if isinstance(value, list) else value for _, value in fields if _varies(value)]
    again = any(_base(name) == before for names in sources[1:] for name in names)
    return Part(steps, tuple(pattern) if whole else None, tuple(values), again)


def _varies(value: Any) -> bool:
    return isinstance(value, (int, list)) and not isinstance(value, bool)


def arguments_of(same: Sequence[Part]) -> dict[str, list[int]]:
    """Return the arguments of a block: by name, the places of the numbers that always are equal to each other."""
    columns: dict[tuple[Any, ...], list[int]] = {}
    for place, column in enumerate(zip(*[part.values for part in same], strict=True)):
        if len(set(column)) > 1:
            columns.setdefault(column, []).append(place)
    fields = [
        KINDS[next(iter(step))].main if key in KINDS else key
        for step in same[0].steps
        for key, value in step.items()
        if key not in MODIFIERS and _varies(value)
    ]
    found: dict[str, list[int]] = {}
    for places in columns.values():
        name = fields[places[0]]
        count = sum(each.rstrip("0123456789") == name for each in found)
        found[f"{name}{count + 1}" if count else name] = places
    return found


def block(part: Part, arguments: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """Return the definition of a block."""
    named = {place: name for name, places in arguments.items() for place in places}
    names = {step["name"]: _short(step["name"], part.steps) for step in part.steps}
    needed = {_base(name) for step in part.steps for name in _listed(step.get("from"))}
    layers, place = [], -1
    for i, step in enumerate(part.steps):
        written: dict[str, Any] = {}
        for key, value in step.items():
            if key in MODIFIERS:
                continue
            place += _varies(value)
            if key == "stride" and value == 1 and place not in named and next(iter(step)) in STRIDED:
                continue
            written[key] = named[place] if _varies(value) and place in named else value
        if step["name"] in needed or "bias" in KINDS[next(iter(step))].fields:
            written["name"] = names[step["name"]]
        if step.get("from") is not None and (i or isinstance(step["from"], list)):
            given = [_renamed(name, names) for name in _listed(step["from"])]
            written["from"] = given if isinstance(step["from"], list) else given[0]
        layers.append(written)
    head: dict[str, Any] = {"args": dict.fromkeys(arguments)} if arguments else {}
    return {**head, **({"inputs": [OUTER]} if part.again else {}), "layers": layers}


def _listed(given: Any) -> list[str]:
    return [] if given is None else [given] if isinstance(given, str) else list(given)


def _renamed(name: str, names: Mapping[str, str]) -> str:
    base = _base(name)
    return names.get(base, OUTER) + name[len(base) :]


def _short(name: str, steps: Sequence[Step]) -> str:
    """Return the name of a step without what all names of the part begin with."""
    names = [step["name"].split(".")[:-1] for step in steps if "." in step["name"]]
    same = [parts for parts in zip(*names, strict=False) if len(set(parts)) == 1] if names else []
    shared = ".".join(parts[0] for parts in same)
    text = name[len(shared) + 1 :] if shared and name.startswith(f"{shared}.") else name
    return f"{text}_1" if text in KINDS or text == OUTER else text


def _flat(step: Step, part: Part, *, first: bool) -> dict[str, Any]:
    """Return a step outside of blocks: the input of the first one of a part is what comes before, and names are for weights and links."""
    kind = next(iter(step))
    named = KINDS[kind].fields.keys() & {"bias", "scale", "output"} or any(
        step["name"] == _base(n) for s in part.steps for n in _listed(s.get("from"))
    )
    left = [
        *(["from"] if first and isinstance(step.get("from"), str) else []),
        *([] if named else ["name"]),
        *(["stride"] if kind in STRIDED and step["stride"] == 1 else []),
    ]
    return {key: value for key, value in step.items() if key not in left}
