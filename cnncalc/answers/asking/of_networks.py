"""Scenarios of networks and their layers; None where no network suits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.answers.asking.draw import Scenario
from cnncalc.answers.asking.layers_alone import IMAGES
from cnncalc.answers.asking.wording import an_input, described, on_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.answers.asking.draw import Dice, QuizNetwork
    from cnncalc.propagate.rows import Row

    OfNetworks = Callable[[Dice, Sequence[QuizNetwork]], Scenario | None]

NEAR = 14  # layers that one may be asked to look through
LEAST = 50  # a layer of a smaller share of the parameters is no question: 0.02


def drawn_layer(dice: Dice, known: Sequence[QuizNetwork], suits: Callable[[Row], bool]) -> tuple[QuizNetwork, Row] | None:
    """Return a layer of one of the networks that can be described in words; preferably one outside of folders."""
    for each in dice.shuffled(known):
        rows = [row for row in each.report if suits(row) and described(row)]
        if rows:
            return each, dice.choice([row for row in rows if "/" not in row.path] or rows)
    return None


def claimable(known: Sequence[QuizNetwork]) -> list[QuizNetwork]:
    """Return the networks whose names can be used in expressions."""
    return [each for each in known if not any(sign in each.name for sign in "(),")]


def layer_that(suits: Callable[[Row], bool]) -> OfNetworks:
    """Return a layer of a network with its fields and input."""

    def scenario(dice: Dice, known: Sequence[QuizNetwork]) -> Scenario | None:
        found = drawn_layer(dice, known, suits)
        if found is None:
            return None
        there, row = found
        words = f"{row.path} of {there.title} is {described(row)}. It is applied to {an_input(str(row.inputs[0]))}."
        return Scenario(words, there.name, row.path)

    return scenario


any_layer = layer_that(lambda row: True)
biased_layer = layer_that(lambda row: row.biases != 0)
weighted_layer = layer_that(lambda row: row.weights != 0)
working_layer = layer_that(lambda row: row.macs != 0)


def layer_on_batch(dice: Dice, known: Sequence[QuizNetwork]) -> Scenario | None:
    """Return a layer of a network on a batch."""
    found = any_layer(dice, known)
    return on_batch(found, dice.choice(IMAGES)) if found is not None else None


def layer_without_kernel(dice: Dice, known: Sequence[QuizNetwork]) -> Scenario | None:
    """Return a convolution whose kernel follows from its volumes."""

    def divides(row: Row) -> bool:
        return row.kind == "conv" and row.exact is True and row.output.rank == 2 and row.output.h != 1 and row.layer.dilation == (1, 1)  # type: ignore[attr-defined]  # it is a conv

    found = drawn_layer(dice, known, divides)
    if found is None:
        return None
    there, row = found
    conv: Any = row.layer
    padding = f"padding {conv.pad[0]}" if conv.pad[0] else "no padding"
    words = (
        f"{row.path} of {there.title} turns {an_input(str(row.inputs[0]))} into {row.output}, with stride {conv.stride[0]} and {padding}, "
        "and its kernel divides the input evenly."
    )
    return Scenario(words, there.name, row.path)


def striding_layer(dice: Dice, known: Sequence[QuizNetwork]) -> Scenario | None:
    """Return a layer with a stride, whose kernel may not divide the input evenly."""

    def steps(row: Row) -> bool:
        return (
            row.output.rank == 2
            and hasattr(row.layer, "windows")
            and row.layer.windows[0].stride != 1
            and row.layer.windows[0].dilation == 1
        )

    found = drawn_layer(dice, known, steps)
    if found is None:
        return None
    there, row = found
    layer: Any = row.layer
    window = layer.kernel if row.kind == "conv" else layer.size
    pad = f"padding {layer.pad[0]}" if layer.pad[0] else "no padding"
    words = (
        f"{row.path} of {there.title} slides a kernel of {window[0]}×{window[0]} with stride {layer.stride[0]} and {pad} over "
        f"{row.inputs[0].h}×{row.inputs[0].w} positions."
    )
    return Scenario(words, there.name, row.path)


def early_field(dice: Dice, known: Sequence[QuizNetwork]) -> Scenario | None:
    """Return the receptive field of a layer near the start of a network, all of whose units see equally much."""
    for there in dice.shuffled(known):
        seeing = [row for row in there.report if described(row) and row.kind != "fc" and isinstance(row.receptive_field[0], int)]
        same = [row for row in seeing[:NEAR] if row.receptive_field == row.receptive_field_smallest and row.receptive_field_exact]
        rows = [row for row in same if "/" not in row.path and row.receptive_field[0] == row.receptive_field[1] != 1]
        if rows:
            row = dice.choice(rows)
            words = f"What is the receptive field of a unit in the output of {row.path} of {there.title} (side length in pixels)?"
            return Scenario(words, there.name, row.path, networks=(there.name,))
    return None


def depth(dice: Dice, known: Sequence[QuizNetwork]) -> Scenario | None:
    """Return how deep a network is."""
    there = dice.choice(known)
    words = f"How many weight layers deep is {there.title} (along its longest path)?"
    return Scenario(words, there.name, networks=(there.name,))


def convolutions(dice: Dice, known: Sequence[QuizNetwork]) -> Scenario | None:
    """Return how many convolutions a network has."""
    if not claimable(known):
        return None
    there = dice.choice(claimable(known))
    return Scenario(f"How many convolutions does {there.title} have?", claim=f"count({there.name}, conv)", networks=(there.name,))


def share(quantity: str, noun: str) -> OfNetworks:
    """Return the fraction of a network's cost that is in one layer."""

    def scenario(dice: Dice, known: Sequence[QuizNetwork]) -> Scenario | None:
        found = drawn_layer(dice, claimable(known), lambda row: getattr(row, quantity) != 0 and not row.side)
        if found is None or not isinstance(getattr(found[0].report.total, quantity), int):
            return None
        there, row = found
        if getattr(row, quantity) * LEAST < getattr(there.report.total, quantity):
            return None
        words = f"What fraction of the {noun} of {there.title} is in {row.path}?"
        return Scenario(words, claim=f"{quantity}({there.name}/{row.path}) / {quantity}({there.name})", networks=(there.name,))

    return scenario


def comparison(quantity: str, noun: str) -> OfNetworks:
    """Return a ratio of two networks."""

    def scenario(dice: Dice, known: Sequence[QuizNetwork]) -> Scenario | None:
        networks = dice.shuffled([each for each in claimable(known) if isinstance(getattr(each.report.total, quantity), int)])
        if len(networks) < 2:
            return None
        less, more = sorted(networks[:2], key=lambda each: (getattr(each.report.total, quantity), each.name))
        if getattr(less.report.total, quantity) == 0:
            return None
        words = f"By what factor does {more.title} have more {noun} than {less.title}?"
        return Scenario(words, claim=f"{quantity}({more.name}) / {quantity}({less.name})", networks=(more.name, less.name))

    return scenario
