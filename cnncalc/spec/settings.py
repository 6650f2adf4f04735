"""A network with its variant and options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.dims import FRACTION, Poly, SymbolScope, symbol
from cnncalc.errors import Problem, Source, Span, SpecError, suggestion
from cnncalc.layers import KINDS, LAYOUTS, FieldError, Volume
from cnncalc.layers.fields import AXES, POSITIVE
from cnncalc.spec.expressions import ExpressionError, Word, parse
from cnncalc.spec.model import DOMAINS, Value
from cnncalc.spec.scope import WORDS, Scope
from cnncalc.spec.values import listed_names

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from cnncalc.dims import Domain
    from cnncalc.spec.model import Metadata, Network, Variant


class Setting:
    """A network with the values of its params and input, ready to be expanded."""

    __slots__ = ("changes", "deployed", "freeze", "freeze_until", "input", "layout", "network", "params", "until", "variables", "variant")

    def __init__(
        self,
        network: Network,
        variant: Variant | None = None,
        *,
        input: Value | None = None,
        params: Mapping[str, Value] | None = None,
        changes: Mapping[str, Mapping[str, Value]] | None = None,
        variables: Mapping[str, Value] | None = None,
        layout: str | None = None,
        freeze: tuple[Span, ...] = (),
        freeze_until: Span | None = None,
        until: Span | None = None,
        deployed: bool = False,
    ) -> None:
        self.freeze = freeze  # the paths of layers and folders, in the options that name them
        self.freeze_until = freeze_until
        self.until = until  # where the network is cut
        self.deployed = deployed  # whether convolutions are merged for inference
        self.layout = layout  # in which `input` is written and volumes are printed; None: as in the file
        self.network = network
        self.variant = variant
        self.input = input
        self.params = dict(params or {})
        self.variables = dict(variables or {})  # names that options can use besides params, such as phi in width=1.1^phi
        self.changes = {name: dict(fields) for name, fields in network.but.items()}
        for name, fields in (changes or {}).items():
            self.changes.setdefault(name, {}).update(fields)

    @property
    def id(self) -> str:
        """The name of the variant or network."""
        return self.variant.name if self.variant is not None else self.network.id

    @property
    def about(self) -> Metadata:
        """The metadata of the variant, completed from the file."""
        return self.variant.about.over(self.network.about) if self.variant is not None else self.network.about

    def resolve(self, symbols: SymbolScope | None = None) -> tuple[Scope, Volume, dict[str, Any]]:
        """Return the outermost scope, the input volume and the values of the params."""
        symbols = symbols or SymbolScope(domains=self.domains())
        scope = Scope({word: Word(word) for word in (*KINDS, *self.network.blocks)}, symbols=symbols)
        for name, value in self.variables.items():
            scope.values[name] = given(value, scope)
        params: dict[str, Any] = {}
        variant = self.variant.params if self.variant is not None else {}
        self._check(variant, self.network.params)
        self._check(self.params, {*self.network.params, *self.shape.names})  # symbols of the input can be set too
        for name, default in self.network.params.items():
            if name in self.params:
                params[name] = given(self.params[name], scope, self.variables)
            else:
                written = variant.get(name) or default
                params[name] = symbol(name, scope.symbols) if written is None else written.evaluate(scope)
            scope.values[name] = params[name]
            self._check_domain(name, params[name])
        for name, value in self.params.items():
            if name not in params:  # a symbol of the input
                scope.values[name] = given(value, scope, self.variables)
        return scope, self._input(scope), params

    def domains(self) -> dict[str, Domain]:
        """Return the domains of the letters that stand for fractions: those in the values of multipliers, and nowhere else."""
        fractions: set[str] = set()
        wholes = set((self.input or self.shape).names)
        wholes.update(*(value.names for name, value in self.params.items() if name not in self.network.params))
        variant = self.variant.params if self.variant is not None else {}
        for name, default in self.network.params.items():
            value = self.params.get(name)
            letters = {letter for letter in value.names if looks_like_symbol(letter)} if value is not None else set()
            if value is None and not (variant.get(name) or default):
                letters = {name}
            if letters:
                (fractions if self._multiplies(name) else wholes).update(letters)
        for name, value in self.params.items():
            if value.domain == "fraction" and not wholes.isdisjoint(value.names):
                what = f"{', '.join(sorted(wholes & value.names))} stands for a whole number: in the input, or in a param that is whole"
                raise SpecError(Problem(what, value.span, f"use another letter for {name}" if name in self.network.params else ""))
        return dict.fromkeys(sorted(fractions - wholes), FRACTION)

    def _multiplies(self, name: str) -> bool:
        """Return whether a param stands for fractions: declared, or by a value that is no whole number, in the file or a variant."""
        default = self.network.params[name]
        declared = self._declared(name)
        if declared:
            return declared == "fraction"
        written = [default, *(variant.params.get(name) for variant in self.network.variants.values())]
        return any(value is not None and is_fraction(value) for value in written)

    def _declared(self, name: str) -> str:
        """Return the domain declared for a param: in the option that sets it, or in the file."""
        return next(
            (value.domain for value in (self.params.get(name), self.network.params[name]) if value is not None and value.domain), ""
        )

    def _check_domain(self, name: str, number: Any) -> None:
        """Check that a number is in the declared domain of a param."""
        domain, below = self._declared(name), getattr(number, "denominator", None)
        if (domain == "whole" and below not in (None, 1)) or (domain == "fraction" and below is not None and number <= 0):
            variant = self.variant.params if self.variant is not None else {}
            value = self.params.get(name) or variant.get(name) or self.network.params[name]
            expected = "a whole number" if domain == "whole" else "a positive fraction"
            raise SpecError(Problem(f"{name} is declared as {expected}, not {number}", value.span if value is not None else None))

    def _check(self, params: Mapping[str, Value], known: Collection[str]) -> None:
        """Check that the params exist."""
        hint = f"params: {listed_names(known)}" if known else "this network has no params"
        unknown = {name: value.name_span(name) for name, value in params.items() if name not in known}
        if unknown:
            raise SpecError(
                Problem(f"{self.id} has no param {name!r}", span, suggestion(name, known) or hint) for name, span in unknown.items()
            )

    @property
    def shape(self) -> Value:
        """The input as written in the variant or file."""
        shape = (self.variant.input if self.variant is not None else None) or self.network.input
        assert shape is not None  # checked by the parser and the catalogue
        return shape

    def _input(self, scope: Scope) -> Volume:
        """Evaluate the input volume; names other than params become symbols, or take their values from the given input."""
        written = self.shape
        layout = self.layout or self.about.layout or "channels_last"
        asked = self.input or written
        for name in sorted(asked.names):
            if name not in scope.values:
                scope.values[name] = symbol(name, scope.symbols)
        if len(asked.items) != len(written.items):
            sizes = " x ".join((*AXES[len(written.items) - 1], "channels"))
            hint = "a grayscale image has one channel: 28x28x1" if len(asked.items) == 2 else ""
            raise SpecError(Problem(f"the input of {self.id} is {sizes}", asked.span, hint))
        sides = [side(value, scope) for value in asked.items]
        if (layout if self.input else self.about.layout) == "channels_first":
            sides = [*sides[1:], sides[0]]
        own = [*written.items[1:], written.items[0]] if self.about.layout == "channels_first" else written.items
        for value, size in zip(own, sides, strict=True):
            for name in sorted(value.names):
                if name not in scope.values:
                    # Given 32x32x3 for a file's HxWxC, its C is 3.
                    alone = value.expression is not None and value.expression.text == name
                    scope.values[name] = size if alone else symbol(name, scope.symbols)
        return LAYOUTS.get(layout, Volume)(*sides)


def is_fraction(value: Value) -> bool:
    """Return whether a value is written as a number that is not whole."""
    if value.expression is None or value.names:
        return False
    try:
        number = value.evaluate(Scope({}))
    except SpecError:  # reported where the value is used
        return False
    return getattr(number, "denominator", 1) > 1


def side(value: Value, scope: Scope) -> Any:
    """Evaluate one dimension of an input: a positive whole number or a formula."""
    return positive(value, value.evaluate(scope))


def positive(value: Value, size: Any) -> Any:
    """Check that a dimension is a positive whole number or a formula."""
    try:
        return POSITIVE.read(size)
    except FieldError as error:
        raise SpecError(Problem(str(error), value.span)) from None


def given(value: Value, scope: Scope, variables: Collection[str] = ()) -> Any:
    """Evaluate the value of an option; letters in it are symbols, --set width=w, unless they are variables."""
    inner = Scope({}, scope)
    for name in sorted(value.names):
        if looks_like_symbol(name) and name not in variables and not _means(name, scope):
            inner.values[name] = symbol(name, scope.symbols)
    return value.evaluate(inner)


def _means(name: str, scope: Scope) -> bool:
    value = scope.values.get(name, WORDS.get(name))
    return isinstance(value, (Word, bool))


def looks_like_symbol(name: str) -> bool:
    """Return whether a name is one letter with an optional number: w, C, k1."""
    return name[0].isalpha() and (len(name) == 1 or name[1:].lstrip("_").isdecimal())


def option_value(option: str, text: str, at: int = 0) -> Value:
    """Parse the value of an option that starts at index `at`."""
    source = Source(option, text, option=True)
    at += len(text[at:]) - len(text[at:].lstrip())
    try:
        return Value(source, at, parse(text[at:].rstrip()))
    except ExpressionError as error:
        raise SpecError(Problem(error.message, Span(source, at + error.at, error.width), error.hint)) from None


def option_path(option: str, text: str) -> Span:
    """Return the path of a layer in an option."""
    return Span(Source(option, text, option=True), 0, max(len(text), 1))


def option_batch(text: str) -> Any:
    """Parse --batch; a letter is a symbol."""
    value = option_value("--batch", text)
    size = positive(value, given(value, Scope({})))
    if isinstance(size, Poly) and any(condition.holds is not True for condition in POSITIVE.requires("batch", size)):
        raise SpecError(Problem(f"{size} images are not a positive whole number for all {', '.join(size.symbols)}", value.span))
    return size


def option_input(text: str) -> Value:
    """Parse the volume in --input: 224x224x3, HxWx3, 32hx32hx3."""
    from cnncalc.spec.parser import FileParser
    from cnncalc.spec.reader import Scalar
    from cnncalc.spec.values import Names

    file = FileParser(Source("--input", text, option=True))
    names = Names()
    names.open = True
    value = file.shape(Scalar(text, 0, plain=True), names)
    if file.problems:
        raise SpecError(file.problems)
    assert value is not None  # no problems, so it was read
    return value


def option_params(pairs: Iterable[str]) -> dict[str, Value]:
    """Parse the params in --set: width=1.4, or width=w:whole with a domain; several can be separated by commas or spaces."""
    params: dict[str, Value] = {}
    for pair in _several(pairs, r"[A-Za-z_]\w*"):
        name, equals, text = pair.partition("=")
        if not equals or not name.strip() or not text.strip():
            raise SpecError(Problem(f"--set takes a param and its value, width=1.4, not {pair!r}"))
        written, colon, domain = pair.rpartition(":")
        value = option_value("--set", written if colon else pair, len(name) + 1)
        if colon:
            from cnncalc.choice import choose

            value.domain = choose(domain.strip(), DOMAINS, "domain")
        params[name.strip()] = value
    return params


def option_changes(pairs: Iterable[str]) -> dict[str, dict[str, Value]]:
    """Parse the changes in --but: CONV1.kernel=7; several can be separated by commas or spaces."""
    changes: dict[str, dict[str, Value]] = {}
    for pair in _several(pairs, r"[^\s,=\[\]()]+\.[A-Za-z_]\w*"):
        place, equals, text = pair.partition("=")
        step, dot, field = place.strip().rpartition(".")
        if not equals or not dot or not step or not field or not text.strip():
            raise SpecError(Problem(f"--but takes a step's field and its value, CONV1.kernel=7, not {pair!r}"))
        changes.setdefault(step, {})[field] = option_value("--but", pair, len(place) + 1)
    return changes


def _several(texts: Iterable[str], name: str) -> Iterator[str]:
    """Split options into assignments at the commas or spaces before NAME=; other commas belong to values."""
    import re

    divide = rf"(?<![\s,])[\s,]+(?={name}\s*=(?!=))"  # only at the first of several blanks, so that matching stays linear
    for text in texts:
        yield from re.split(divide, text.strip())
