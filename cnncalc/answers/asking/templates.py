"""The table of questions: each row is a scenario, and what is asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnncalc.answers.asking import layers_alone, letters, of_networks
from cnncalc.answers.asking.draw import DrawnQuestion

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cnncalc.answers.asking.draw import Dice, QuizNetwork, Scenario

    Alone = Callable[[Dice], Scenario]

OUTPUT = "What is the output size?"
PARAMS = "How many parameters does it have, biases included?"
WEIGHTS = "How many weights does it have, without biases?"
ELEMENTS = "How many elements does its output have?"
MACS = "How many multiply-accumulates does it take per image? (Additions of biases are not counted.)"
BYTES = "How many bytes does its output take, 4 bytes per element?"
FIELD = "What is the receptive field of a unit in the last layer (side length in pixels)?"
FITS = "Does the filter fit exactly, with nothing left over? (true or false)"
ALL_PARAMS = "How many parameters do all layers have in total, biases included?"
ALL_MACS = "How many multiply-accumulates do all layers take in total? (Additions of biases are not counted.)"
ALL_WEIGHTS = "How many weights do all layers have in total?"
DECIMALS = "(To two decimal places.)"
SHARE = "(A number between 0 and 1, to two decimal places.)"
FLOORS = "(Formulas; write a division that rounds down as ⌊N/10⌋ or N // 10.)"


class QuestionTemplate(NamedTuple):
    """One kind of question. Of a network, or of layers that the question describes."""

    name: str
    level: int
    points: int
    quantity: str
    wants: str
    alone: Alone | None = None
    of_networks: of_networks.OfNetworks | None = None

    def draw(self, dice: Dice, known: Sequence[QuizNetwork]) -> DrawnQuestion | None:
        """Return a question of this kind, with numbers and networks drawn; None where no network suits."""
        found = self.alone(dice) if self.alone is not None else self.of_networks(dice, known) if self.of_networks is not None else None
        return DrawnQuestion(f"{found.words} {self.wants}".strip(), self.quantity, found, self.points, self.name) if found else None


def rows(level: int, *table: tuple[str, int, str, str, Alone]) -> tuple[QuestionTemplate, ...]:
    """Templates of layers that the question describes."""
    return tuple([QuestionTemplate(name, level, points, quantity, wants, alone) for name, points, quantity, wants, alone in table])


def network_rows(level: int, *table: tuple[str, int, str, str, of_networks.OfNetworks]) -> tuple[QuestionTemplate, ...]:
    """Templates of networks."""
    return tuple([QuestionTemplate(name, level, points, quantity, wants, None, of) for name, points, quantity, wants, of in table])


TEMPLATES = (
    *rows(
        1,
        ("conv-output", 1, "output", OUTPUT, layers_alone.convolution),
        ("conv-params", 1, "params", PARAMS, layers_alone.convolution),
        ("conv-weights", 1, "weights", WEIGHTS, layers_alone.convolution),
        ("conv-elements", 1, "activations", ELEMENTS, layers_alone.named_convolution),
        ("conv-fits", 1, "fits", FITS, layers_alone.perhaps_uneven),
        ("pointwise-output", 1, "output", OUTPUT, layers_alone.pointwise),
        ("pointwise-params", 1, "params", PARAMS, layers_alone.pointwise),
        ("pool-output", 1, "output", OUTPUT, layers_alone.pool),
        ("pool-params", 1, "params", "How many parameters does it have?", layers_alone.pool),
        ("average-pool-output", 1, "output", OUTPUT, layers_alone.average_pool),
        ("global-pool-output", 1, "output", OUTPUT, layers_alone.global_pool),
        ("flatten-output", 1, "output", OUTPUT, layers_alone.flattened),
        ("dense-params", 1, "params", PARAMS, layers_alone.dense),
        ("dense-weights", 1, "weights", WEIGHTS, layers_alone.dense_on_volume),
    ),
    *network_rows(
        1,
        ("layer-output", 1, "output", OUTPUT, of_networks.any_layer),
        ("layer-params", 1, "params", PARAMS, of_networks.biased_layer),
        ("layer-weights", 1, "weights", WEIGHTS, of_networks.weighted_layer),
        ("layer-kernel", 1, "kernel", "What is its kernel size?", of_networks.layer_without_kernel),
    ),
    *rows(
        2,
        ("conv-macs", 2, "macs", MACS, layers_alone.deep_convolution),
        ("conv-rounded", 1, "output", f"{OUTPUT} (Where the kernel does not divide the input evenly, round down.)", layers_alone.rounded),
        ("dilated-output", 2, "output", f"{OUTPUT} (Where the kernel does not divide the input evenly, round down.)", layers_alone.dilated),
        ("pool-rounded-up", 1, "output", OUTPUT, layers_alone.rounded_up_pool),
        ("grouped-params", 2, "params", PARAMS, layers_alone.grouped),
        ("depthwise-params", 2, "params", PARAMS, layers_alone.depthwise),
        ("depthwise-macs", 2, "macs", MACS, layers_alone.depthwise),
        ("batch-norm-params", 2, "params", "How many learnable parameters do the two layers have in total?", layers_alone.normalized),
        ("dense-macs", 1, "macs", MACS, layers_alone.dense_on_volume),
        ("conv-memory", 2, "memory", BYTES, layers_alone.batch_of_images),
        ("chain-output", 2, "output", "What is the output size of the last layer?", layers_alone.chain),
        ("chain-field", 2, "receptive_field", FIELD, layers_alone.chain),
        ("chain-params", 3, "params", ALL_PARAMS, layers_alone.classifier),
        ("chain-macs", 3, "macs", ALL_MACS, layers_alone.classifier),
    ),
    *network_rows(
        2,
        ("layer-macs", 2, "macs", MACS, of_networks.working_layer),
        ("layer-memory", 2, "memory", BYTES, of_networks.layer_on_batch),
        ("layer-fits", 1, "fits", FITS, of_networks.striding_layer),
        ("network-depth", 1, "weight_layers", "", of_networks.depth),
        ("network-field", 2, "receptive_field", "", of_networks.early_field),
        ("network-convolutions", 1, "claim", "", of_networks.convolutions),
        ("params-share", 2, "claim", SHARE, of_networks.share("params", "parameters")),
        ("params-factor", 2, "claim", DECIMALS, of_networks.comparison("params", "parameters")),
    ),
    *rows(
        3,
        ("weights-formula", 1, "weights", "How many weights does it have? (A formula in C and K.)", letters.any_same),
        ("params-formula", 1, "params", f"{PARAMS} (A formula in C and K.)", letters.any_biased),
        ("macs-formula", 2, "macs", "How many multiply-accumulates does it take? (A formula in H, W, C and K.)", letters.any_same),
        ("output-formula", 2, "output", f"{OUTPUT} {FLOORS}", letters.any_strided),
        ("shrinking-formula", 1, "output", f"{OUTPUT} (Formulas in H, W and K.)", letters.any_narrowing),
        ("pool-formula", 2, "output", f"{OUTPUT} {FLOORS}", letters.any_pool),
        ("dense-formula", 1, "params", f"{PARAMS} (A formula in H, W, C and K.)", letters.any_dense),
        ("memory-formula", 2, "memory", f"{BYTES} (A formula in N, H, W and K.)", letters.any_batch),
        ("grouped-formula", 2, "weights", "How many weights does it have? (A formula in C and K.)", letters.any_grouped),
        ("stack-weights", 1, "weights", f"{ALL_WEIGHTS} (A formula in C.)", letters.any_stack),
        ("stack-field", 1, "receptive_field", FIELD, letters.any_stack),
        ("bottleneck-weights", 2, "weights", f"{ALL_WEIGHTS} (A formula in C.)", letters.any_bottleneck),
        ("separable-weights", 2, "weights", f"{ALL_WEIGHTS} (A formula in C and K.)", letters.any_separable),
        ("separable-macs", 2, "macs", "How many multiply-accumulates do both take? (A formula in H, W, C and K.)", letters.any_separable),
        ("residual-params", 2, "params", ALL_PARAMS, layers_alone.residual_unit),
        ("inception-output", 1, "output", OUTPUT, layers_alone.inception),
        ("inception-params", 2, "params", ALL_PARAMS, layers_alone.inception),
        ("inception-macs", 3, "macs", ALL_MACS, layers_alone.inception),
        ("transposed-output", 2, "output", OUTPUT, layers_alone.transposed),
        ("transposed-params", 2, "params", PARAMS, layers_alone.transposed),
        ("dilated-field", 2, "receptive_field", FIELD, layers_alone.dilated_chain),
    ),
    *network_rows(
        3,
        (
            "layer-flops",
            2,
            "flops",
            "How many FLOPs does it take per image, counting two for each multiply-accumulate and nothing else?",
            of_networks.working_layer,
        ),
        ("macs-factor", 2, "claim", DECIMALS, of_networks.comparison("macs", "multiply-accumulates")),
        ("macs-share", 2, "claim", SHARE, of_networks.share("macs", "multiply-accumulates")),
    ),
)
LEVELS = (1, 2, 3)
