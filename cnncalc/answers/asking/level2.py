"""Questions of level 2: work, memory, receptive fields, rounding and whole networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.answers.asking.draw import DEPTHS, DrawnQuestion, chain, claimable, evenly_divided, of_layer, one_layer
from cnncalc.answers.asking.wording import Convolution, capital, described, network, through, volume

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cnncalc.answers.asking.draw import Dice, QuizNetwork
    from cnncalc.propagate.rows import Row

IMAGES = (4, 8, 16, 32, 64)
NEAR = 14  # layers from the start for which receptive fields are asked
MACS = "How many multiply-accumulates does it take per image? (Additions of biases are not counted.)"


def conv_macs(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask for the MACs of a convolution."""
    conv, side = evenly_divided(dice)
    depth = dice.choice(DEPTHS[1:])
    return DrawnQuestion(
        f"{capital(conv.words)} is applied to a {volume(side, depth)} input. {MACS}", "macs", network(side, depth, conv.yaml)
    )


def conv_rounded(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask for the output of a convolution that does not divide its input evenly and may be dilated."""
    conv, side = evenly_divided(dice, (2, 3, 4))
    if dice.choice((True, False)):
        conv = conv._replace(dilation=2, kernel=3, pad=dice.choice((0, 1, 2)))
    depth = dice.choice(DEPTHS)
    ask = (
        f"{capital(conv.words)} is applied to a {volume(side + 1, depth)} input. What is the output size? "
        "(Where the kernel does not divide the input evenly, round down.)"
    )
    return DrawnQuestion(ask, "output", network(side + 1, depth, conv.yaml))


def grouped_weights(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask for the weights of a grouped convolution."""
    groups = dice.choice((2, 4, 8))
    depth, filters = groups * dice.choice((2, 4, 8)), groups * dice.choice((4, 6, 8))
    kernel, side = dice.choice((3, 5)), dice.choice((14, 28))
    conv = Convolution(filters, kernel, 1, kernel // 2, groups=groups, bias=False)
    ask = f"{capital(conv.words)} is applied to a {volume(side, depth)} input. How many weights does it have?"
    return DrawnQuestion(ask, "weights", network(side, depth, conv.yaml))


def batch_norm(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask for the parameters of a convolution followed by batch normalization."""
    conv, side = evenly_divided(dice, (1, 2))
    conv, depth = conv._replace(bias=False), dice.choice(DEPTHS)
    ask = (
        f"{capital(conv.words)} is applied to a {volume(side, depth)} input. Batch normalization follows, with a scale and shift for "
        "each channel. How many learnable parameters do the two layers have in total?"
    )
    return DrawnQuestion(ask, "params", network(side, depth, conv.yaml, "bn"))


def chain_field(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask for the receptive field after a few layers."""
    side, layers = chain(dice)
    ask = (
        f"A {volume(side, 3)} input goes through {through(layers)}. "
        "What is the receptive field of a unit in the last layer (side length in pixels)?"
    )
    return DrawnQuestion(ask, "receptive_field", network(side, 3, *[layer.yaml for layer in layers]))


def chain_params(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask for the parameters of a small network."""
    side, layers = chain(dice)
    neurons = dice.choice((10, 20, 100))
    ask = (
        f"A {volume(side, 3)} input goes through {through(layers)}, then a fully connected layer with {neurons} neurons. "
        "How many parameters do all layers have in total, biases included?"
    )
    return DrawnQuestion(ask, "params", network(side, 3, *[layer.yaml for layer in layers], f"{{fc: {neurons}}}"))


def layer_macs(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion | None:
    """Ask for the MACs of a layer of a network."""
    return of_layer(dice, known, "macs", MACS, lambda row: row.macs != 0)


def layer_memory(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion | None:
    """Ask for the memory of a layer's output for a batch."""
    batch = dice.choice(IMAGES)
    asked = of_layer(dice, known, "memory", f"How many bytes does its output take for {batch} images, 4 bytes per element?")
    return asked._replace(batch=str(batch)) if asked is not None else None


def layer_fits(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion | None:
    """Ask whether a kernel divides its input evenly."""

    def steps(row: Row) -> bool:
        return hasattr(row.layer, "windows") and row.layer.windows[0].stride != 1 and row.layer.windows[0].dilation == 1

    found = one_layer(dice, known, steps)
    if found is None:
        return None
    there, row = found
    layer: Any = row.layer
    window = layer.kernel if row.kind == "conv" else layer.size
    pad = f"padding {layer.pad[0]}" if layer.pad[0] else "no padding"
    ask = (
        f"{row.path} of {there.title} slides a kernel of {window[0]}×{window[0]} with stride {layer.stride[0]} and {pad} over "
        f"{row.inputs[0].h}×{row.inputs[0].w} positions. Does the filter fit exactly, with nothing left over? (true or false)"
    )
    return DrawnQuestion(ask, "fits", there.name, row.path)


def network_depth(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion:
    """Ask for the depth of a network in weight layers."""
    there = dice.choice(known)
    return DrawnQuestion(f"How many weight layers deep is {there.title} (along its longest path)?", "weight_layers", there.name)


def network_field(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion | None:
    """Ask for the receptive field of a layer near the start of a network."""
    for there in dice.shuffled(known):
        seeing = [row for row in there.report if described(row) and row.kind != "fc" and isinstance(row.receptive_field[0], int)]
        same = [row for row in seeing[:NEAR] if row.receptive_field == row.receptive_field_smallest and row.receptive_field_exact]
        rows = [row for row in same if "/" not in row.path and row.receptive_field[0] == row.receptive_field[1] != 1]
        if rows:
            row = dice.choice(rows)
            ask = f"What is the receptive field of a unit in the output of {row.path} of {there.title} (side length in pixels)?"
            return DrawnQuestion(ask, "receptive_field", there.name, row.path)
    return None


def convolutions(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion | None:
    """Ask for the number of convolutions in a network."""
    if not claimable(known):
        return None
    there = dice.choice(claimable(known))
    return DrawnQuestion(f"How many convolutions does {there.title} have?", "claim", claim=f"count({there.name}, conv)")


def share(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion | None:
    """Ask for the fraction of a network's parameters in one layer."""
    found = one_layer(dice, claimable(known), lambda row: row.params != 0 and not row.side)
    if found is None or not isinstance(found[0].report.total.params, int):
        return None
    there, row = found
    if row.params * 50 < there.report.total.params:  # too small to ask for
        return None
    ask = f"What fraction of the parameters of {there.title} is in {row.path}? (A number between 0 and 1, to two decimal places.)"
    return DrawnQuestion(ask, "claim", claim=f"params({there.name}/{row.path}) / params({there.name})")


def ratio(dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion | None:
    """Ask for the ratio of two networks."""
    quantity, words = dice.choice((("params", "parameters"), ("macs", "multiply-accumulates")))
    networks = dice.shuffled([each for each in claimable(known) if isinstance(getattr(each.report.total, quantity), int)])
    if len(networks) < 2:
        return None
    less, more = sorted(networks[:2], key=lambda each: (getattr(each.report.total, quantity), each.name))
    if getattr(less.report.total, quantity) == 0:
        return None
    ask = f"By what factor does {more.title} have more {words} than {less.title}? (To two decimal places.)"
    return DrawnQuestion(ask, "claim", claim=f"{quantity}({more.name}) / {quantity}({less.name})")


BY_ITSELF = (conv_macs, conv_rounded, grouped_weights, batch_norm, chain_field, chain_params)
OF_NETWORKS = (layer_macs, layer_memory, layer_fits, network_depth, network_field, convolutions, share, ratio)
