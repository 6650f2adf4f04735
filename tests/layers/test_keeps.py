"""What each kind keeps for the backward pass: exactly what its derivative needs."""

from __future__ import annotations

from cnncalc.layers import INDICES, INPUT, KINDS, MAP, MASK, OUTPUT

# dy/dx of a product with weights needs x for the weights; of relu, tanh, sigmoid it can be had from y alone; of sums from nothing.
KEPT = {
    (INPUT,): "conv local depthwise upconv eca fc rbf bn ln gn instancenorm rmsnorm l2norm grn"
    " prelu swish hswish hsigmoid gelu layerscale multiply maximum subsample custom",
    (OUTPUT,): "relu relu6 leaky_relu elu sigmoid tanh softmax",
    (INPUT, OUTPUT): "lrn",
    (INPUT, MAP): "attention",
    (MASK,): "dropout",
    (INDICES,): "maxpool gmp",
    (): "blur avgpool gap adaptivepool resize add subtract mean concat rearrange learned constant"
    " droppath scale identity flatten upsample pixelshuffle zeropad crop split slice shuffle",
}


def test_every_kind_says_what_training_keeps_of_it() -> None:
    assert {kind: cls.keeps for kind, cls in KINDS.items()} == {kind: keeps for keeps, kinds in KEPT.items() for kind in kinds.split()}
