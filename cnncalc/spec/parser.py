"""Parses a network file, collecting all errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.collector import uncollected
from cnncalc.errors import Problem, SpecError, suggestion
from cnncalc.layers import KINDS, LAYOUTS
from cnncalc.limits import LIMITS
from cnncalc.spec.calls import GROUPS, MODIFIERS
from cnncalc.spec.model import DOMAINS, Block, Metadata, Network, Template, UsedBlocks, Value, Variant
from cnncalc.spec.reader import Mapping, Scalar, Sequence, inside
from cnncalc.spec.steps import OPTIONAL, StepParser
from cnncalc.spec.values import Names, listed_names

if TYPE_CHECKING:
    from collections.abc import Collection

    from cnncalc.errors import Source
    from cnncalc.spec.reader import YamlNode

KEYS = (
    "name",
    "year",
    "paper",
    "input",
    "params",
    "variants",
    "use",
    "defaults",
    "blocks",
    "layers",
    "like",
    "but",
    "published",
    "notes",
    "layout",
)
ABOUT = ("title", "input", "year", "paper", "published", "notes")  # allowed keys besides a variant's params
PUBLISHED = (
    "params",
    "macs",
    "deployed_params",
    "deployed_macs",
    "top1_error",
    "top5_error",
    "ilsvrc_error",
    "ilsvrc_entry",
    "counted_as",
    "source",
)
COUNTED_AS = (  # counting conventions under which published numbers were counted
    "macs", "flops", "full", "connections", "torchinfo", "fvcore", "ptflops", "ptflops-aten", "thop", "calflops", "torch", "keras",
)  # fmt: skip
LIBRARY = ("name", "notes", "use", "defaults", "blocks")
BLOCK = ("args", "inputs", "defaults", "layers", "outputs")
SIZES = range(2, 5)  # numbers in an input: one to three sides, and the channels
SIZES_WORDS = "one to three sides and its channels"


@uncollected
def parse(source: Source, tree: YamlNode, id: str, used: UsedBlocks | None = None) -> Network:
    """Parse a network; SpecError has all errors of the file."""
    file = FileParser(source, used)
    network = file.network(tree, id)
    if file.problems:
        raise SpecError(file.problems)
    return network


class FileParser(StepParser):
    """Parses the keys of a file and of its blocks and variants."""

    def __init__(self, source: Source, used: UsedBlocks | None = None) -> None:
        super().__init__(source)
        self.nodes: dict[str, YamlNode] = {}  # of the blocks
        self.used: dict[str, Block] = {} if used is None else used.blocks
        if used is not None:
            self.made = used.made
            self.problems += used.problems
            self.inherits = bool(used.problems)  # unknown words may be blocks of a library that was not found
            self.words.update(used.blocks)
            self.blocks.update({name: dict.fromkeys(block.args) for name, block in used.blocks.items()})

    def library(self, tree: YamlNode) -> dict[str, Block]:
        """Parse a library, which has blocks only."""
        keys = {key.text: value for key, value in self.entries(tree, "a library: blocks by name, under the key 'blocks'")}
        if isinstance(tree, Mapping):
            meant = self._unknown("a library has no key", tree.keys, LIBRARY)
            if "blocks" not in keys and "blocks" not in meant:
                self.note("'blocks' is missing", tree, "a library has blocks, which networks use")
        if "defaults" in keys:
            self.add_defaults(keys["defaults"])
        self._about({text: node for text, node in keys.items() if text in ("name", "notes")})
        blocks = self._parsed(self._blocks(keys["blocks"]), Names()) if "blocks" in keys else {}
        for block in blocks.values():
            block.of_library = True
        return blocks

    def _parsed(self, blocks: list[tuple[Scalar, dict[str, YamlNode]]], names: Names) -> dict[str, Block]:
        return {block.name: block for name, parts in blocks if (block := self._block(name, parts, names)) is not None}

    def network(self, tree: YamlNode, id: str) -> Network:
        """Parse the whole file."""
        if not isinstance(tree, Mapping):
            self.note("a network is a mapping with keys such as name, input and layers", tree)
            raise SpecError(self.problems)
        keys = {key.text: value for key, value in zip(tree.keys, tree.values, strict=True)}
        meant = self._unknown("unknown key", tree.keys, KEYS)
        like = self.word(keys["like"], "the name or path of a network") if "like" in keys else None
        inherits = like is not None
        self.inherits = self.inherits or inherits
        if is_library(tree):
            self.note("a library of blocks, not a network", tree, "a network brings its blocks in: use: and the path of this file")
            raise SpecError(self.problems)
        for need in ("input", "layers"):
            if not inherits and need not in keys and need not in meant:
                self.note(f"{need!r} is missing", tree, "a network needs an input and layers")
        blocks = self._blocks(keys["blocks"]) if "blocks" in keys else []
        params = self._params(keys.get("params"))
        names = Names(params)
        names.open = inherits
        shape = self.shape(keys["input"], names) if "input" in keys else None
        variants = self._variants(keys["variants"], names, params, inherits=inherits) if "variants" in keys else {}
        for variant in variants.values():
            self._declare(variant.input, names)
        self._declare(shape, names)
        if "defaults" in keys:
            self.add_defaults(keys["defaults"])
        return Network(
            id,
            self.source,
            self._about(keys),
            shape,
            params,
            variants,
            {**self.used, **self._parsed(blocks, names)},
            self.body(keys["layers"], Names((), names, steps=("input",))) if "layers" in keys else (),
            None if like is None else Template(self.source, keys["like"].at, like, (like,)),
            self._but(keys["but"], names, inherits=inherits) if "but" in keys else {},
            len(self.places),
        )

    def _params(self, node: YamlNode | None) -> dict[str, Value | None]:
        """Parse params; a param can use those above it."""
        params: dict[str, Value | None] = {}
        above = Names()
        entries = self.entries(node, "params by name") if node is not None else []
        for key, value in entries:
            name = self.identifier(key, "a param's name")
            if name is not None:
                empty = isinstance(value, Scalar) and not value.text
                found = len(self.problems)
                params[name] = None if empty else self._param(value, above)
                above.known.add(name)
                for problem in self.problems[found:]:
                    if any(problem.message == f"unknown name {other.text!r}" for other, _ in entries):
                        problem.hint = "params are evaluated in order: move it up"
        return params

    def _param(self, node: YamlNode, above: Names) -> Value | None:
        """Parse the value of a param, which can stand beside its domain: {value: 1, domain: fraction}."""
        if not isinstance(node, Mapping):
            return self.value(node, above, self.words)
        parts = dict(zip((key.text for key in node.keys), node.values, strict=True))
        for key in node.keys:
            if key.text not in ("value", "domain"):
                self.note(f"unknown key {key.text!r}", key, "a param is a value, or {value: 1, domain: fraction}")
        domain = self.word(parts["domain"], " or ".join(DOMAINS)) if "domain" in parts else None
        if domain is not None and domain not in DOMAINS:
            self.note(f"unknown domain {domain!r}", parts["domain"], suggestion(domain, DOMAINS) or f"domains: {', '.join(DOMAINS)}")
        if "value" not in parts:
            self.note("'value' is missing", node)
            return None
        value = self.value(parts["value"], above, self.words)
        if value is not None:
            value.domain = domain or ""
        return value

    def _unknown(self, message: str, keys: list[Scalar], known: tuple[str, ...]) -> str:
        """Report unknown keys; return the suggestions."""
        hints = ""
        for key in keys:
            if key.text not in known:
                hint = suggestion(key.text, known)
                hints += hint
                self.note(f"{message} {key.text!r}", key, hint or f"known: {', '.join(known)}")
        return hints

    def _blocks(self, node: YamlNode) -> list[tuple[Scalar, dict[str, YamlNode]]]:
        """Collect the keys and argument names of all blocks before parsing any, since blocks can use each other."""
        found = []
        for name, block in self.entries(node, "blocks by name"):
            parts = {key.text: value for key, value in self.entries(block, "a block: args, inputs, layers, outputs")}
            args = parts.get("args")
            self.words.add(name.text)
            self.nodes[name.text] = block
            self.blocks[name.text] = dict.fromkeys(key.text for key in args.keys) if isinstance(args, Mapping) else {}
            meant = self._unknown("a block has no key", block.keys, BLOCK) if isinstance(block, Mapping) else "layers"
            if name.text in KINDS or (name.text in (*MODIFIERS, *GROUPS) and name.text not in OPTIONAL):
                self.note(f"{name.text!r} is a kind or a reserved word; choose another name for the block", name)
            elif name.text in self.used:
                hint = "choose another name, or use only some blocks of the library, by PATH:BLOCK"
                self.note(f"block {name.text!r} is already in {self.used[name.text].source.name}, which this file uses", name, hint)
            elif self.identifier(name, "a block's name") is not None:
                if "layers" in parts:
                    found.append((name, parts))
                elif "layers" not in meant:
                    self.note(f"block {name.text!r} has no layers", name)
        return found

    def _block(self, name: Scalar, keys: dict[str, YamlNode], file: Names) -> Block | None:
        inputs = self.identifiers(keys["inputs"], "a name for an input") if "inputs" in keys else ()
        args: dict[str, Value | None] = {}
        names = Names((), file, steps=inputs)
        for key, value in self.entries(keys["args"], "arguments by name") if "args" in keys else []:
            if self.identifier(key, "an argument's name") is not None:
                if key.text in MODIFIERS and key.text not in OPTIONAL:
                    self.note(f"{key.text!r} is a reserved word; choose another name for the argument", key)
                empty = isinstance(value, Scalar) and not value.text
                args[key.text] = None if empty else self.value(value, names, self.words)
                names.known.add(key.text)
        around = self.defaults, self.layers
        if "defaults" in keys:
            self.add_defaults(keys["defaults"])
        body = self.body(keys["layers"], names)
        self.defaults, self.layers = around
        leaving = keys.get("outputs")
        nodes = [] if leaving is None else leaving.items if isinstance(leaving, Sequence) else [leaving]
        inner = Names((), names)
        inner.open = True  # the names of its steps are known only when it is expanded
        outputs = [template for item in nodes if (template := self.template(item, inner)) is not None]
        return Block(self.source, name.at, name.text, args, inputs, tuple(outputs), body)

    def shape(self, node: YamlNode, names: Names) -> Value | None:
        """Parse the sides of the input and its channels; names other than params are symbols."""
        if isinstance(node, Sequence):
            if len(node.items) not in SIZES:
                self.note(f"an input has {SIZES_WORDS}: [height, width, channels]", node)
                return None
            self._symbols(node, names)
            return self.value(node, names)
        text = self.word(node, "an input: 224x224x3, or [height, width, channels]")
        if text is None:
            return None
        assert isinstance(node, Scalar)  # checked by `word`
        pieces = text.replace("×", "x").split("x")
        if len(pieces) not in SIZES or not all(piece.strip() for piece in pieces):
            self.note(f"an input has {SIZES_WORDS}: height x width x channels, as in 224x224x3", node)
            return None
        values, at = [], 0
        for piece in pieces:
            values.append(self._side(node, piece, at, names))
            at += len(piece) + 1
        found = [value for value in values if value is not None]
        return Value(self.source, node.at, None, tuple(found)) if len(found) == len(values) else None

    def _side(self, node: Scalar, piece: str, at: int, names: Names) -> Value | None:
        """Parse one dimension of an input: a number, a symbol, or a multiple of a symbol (32h)."""
        text = piece.strip()
        at += len(piece) - len(piece.lstrip())
        digits = len(text) - len(text.lstrip("0123456789"))
        symbol = text[digits:].strip()
        if symbol.isidentifier() and symbol.isascii() and not (digits and symbol[0] in "eE" and symbol[1:].isdigit()):
            known = Names([symbol], names)
            return self.arithmetic(node, f"{text[:digits]}*{symbol}" if digits else symbol, at, known)
        if symbol and not symbol.isalnum():
            place = inside(self.source, node, at, len(text))
            self.add(Problem(f"a dimension is a number or a name, not {text!r}", place, "write expressions in a list: [2 * res, res, 3]"))
            return None
        return self.arithmetic(node, text, at, names)

    def _symbols(self, node: Sequence, names: Names) -> None:
        """Declare names in an input's list, which are symbols unless params have them."""
        for item in node.items:
            if isinstance(item, Scalar) and item.text.isidentifier():
                names.known.add(item.text)

    def _declare(self, shape: Value | None, names: Names) -> None:
        if shape is not None:
            names.known.update(shape.names)

    def _about(self, keys: dict[str, YamlNode], title: str = "name") -> Metadata:
        """Parse the metadata."""
        year = None
        if "year" in keys:
            text = self.word(keys["year"], "a year")
            if text is not None and not (text.isdecimal() and len(text) == 4):
                self.note(f"a year has four digits, not {text!r}", keys["year"])
            elif text is not None:
                year = int(text)
        published = self._published(keys["published"]) if "published" in keys else None
        notes = None
        if "notes" in keys:
            node = keys["notes"]
            if isinstance(node, Sequence) and len(node.items) > LIMITS.notes:
                self.note(f"{len(node.items):,} notes; the limit is {LIMITS.notes}", node)
                node = Sequence([], node.at)
            lines = [self.line(item, "a note") for item in (node.items if isinstance(node, Sequence) else [node])]
            notes = tuple(line for line in lines if line)
        words = {key: self.line(keys[key], "a text") for key in (title, "paper") if key in keys}
        layout = self.word(keys["layout"], " or ".join(LAYOUTS)) if "layout" in keys else None
        if layout is not None and layout not in LAYOUTS:
            self.note(f"unknown layout {layout!r}", keys["layout"], suggestion(layout, LAYOUTS) or f"known: {', '.join(LAYOUTS)}")
        return Metadata(words.get(title), year, words.get("paper"), published, notes, layout)

    def _published(self, node: YamlNode) -> dict[str, str]:
        """Parse the published numbers and their source."""
        published: dict[str, str] = {}
        for key, value in self.entries(node, "published numbers by name"):
            if key.text not in PUBLISHED:
                self.note(
                    f"unknown published number {key.text!r}", key, suggestion(key.text, PUBLISHED) or f"known: {', '.join(PUBLISHED)}"
                )
            elif (text := self.line(value, "a number")) is None:
                continue
            elif key.text in ("source", "ilsvrc_entry"):
                published[key.text] = text
            elif key.text == "counted_as":
                published[key.text] = text
                if text not in COUNTED_AS:
                    self.note(f"no counting convention {text!r}", value, suggestion(text, COUNTED_AS) or f"known: {', '.join(COUNTED_AS)}")
            elif len(text) > LIMITS.published_characters:
                self.note(f"a number of more than {LIMITS.published_characters} characters", value, "as in 61.1M, or 25557032")
            elif key.text.endswith("_error"):
                published[key.text] = text.removesuffix("%").rstrip()
                if not _is_number(published[key.text], 100):
                    self.note(f"{key.text} is a percentage from 0 to 100, not {text!r}", value, "as in 23.6")
            else:
                published[key.text] = text
                if not _is_number(text):
                    self.note(f"{key.text} is a number, not {text!r}", value, "as in 61.1M, or 25557032")
        return published

    def _variants(self, node: YamlNode, names: Names, known: Collection[str], *, inherits: bool) -> dict[str, Variant]:
        variants: dict[str, Variant] = {}
        for key, value in self.entries(node, "variants by name"):
            keys = {word.text: (word, item) for word, item in self.entries(value, f"the params of variant {key.text!r}")}
            if self.template(key, Names()) is None:
                continue
            params: dict[str, Value] = {}
            for text, (word, item) in keys.items():
                if text in ABOUT:
                    continue
                if text not in known and not inherits:
                    self.note(f"no param {text!r}", word, suggestion(text, [*known, *ABOUT]) or f"params: {listed_names(known)}")
                elif (given := self.value(item, names, self.words)) is not None:
                    params[text] = given
            about = self._about({text: item for text, (_, item) in keys.items() if text in ABOUT}, "title")
            shape = self.shape(keys["input"][1], names) if "input" in keys else None
            variants[key.text] = Variant(key.text, params, shape, about)
        return variants

    def _but(self, node: YamlNode, names: Names, *, inherits: bool) -> dict[str, dict[str, Value]]:
        if not inherits:
            self.note("'but' changes the steps of another file: name it with 'like'", node)
        changes: dict[str, dict[str, Value]] = {}
        for key, value in self.entries(node, "changes by step name"):
            fields = self.entries(value, f"the fields of {key.text!r} to change")
            changes[key.text] = {field.text: given for field, item in fields if (given := self.value(item, names, KINDS)) is not None}
        return changes


def is_network(tree: YamlNode) -> bool:
    """Return whether a file is or inherits a network."""
    return isinstance(tree, Mapping) and any(key.text in ("input", "layers", "like") for key in tree.keys)


def is_library(tree: YamlNode) -> bool:
    """Return whether a file has blocks, and nothing that a library has not."""
    keys = {key.text for key in tree.keys} if isinstance(tree, Mapping) else set()
    return "blocks" in keys and keys.issubset(LIBRARY)


def _is_number(text: str, most: float = float("inf")) -> bool:
    """Return whether a text is a number such as 61.1M, from 0 to `most`."""
    number = text[:-1] if most > 100 and text.endswith(("K", "M", "G", "B")) else text
    if number.isascii() and number.replace(".", "", 1).isdecimal():  # nearly always, and needs no Fraction
        return float(number) <= most
    from cnncalc.printed_number import printed_number

    printed = printed_number(text)
    return printed is not None and not printed.unit and 0 <= printed.value <= most
