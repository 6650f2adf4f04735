"""Names of layers in other frameworks, and what they are called here."""

from __future__ import annotations

import re

from cnncalc.layers import KINDS

ELSEWHERE = {  # names of kinds in other frameworks
    "batchnorm": "bn", "batchnormalization": "bn", "layernorm": "ln", "layernormalization": "ln", "groupnorm": "gn",
    "localresponsenorm": "lrn", "localresponsenormalization": "lrn",
    "linear": "fc", "dense": "fc", "innerproduct": "fc", "gemm": "fc", "fullyconnected": "fc",
    "convolution": "conv", "convtranspose": "upconv", "conv2dtranspose": "upconv", "conv1dtranspose": "upconv", "conv3dtranspose": "upconv",
    "deconv": "upconv", "deconvolution": "upconv", "transposedconv": "upconv",
    "depthwiseconv": "depthwise", "zeropadding": "zeropad", "cropping": "crop", "maxpooling": "maxpool",
    "pool": "maxpool", "pooling": "maxpool", "averagepool": "avgpool", "averagepooling": "avgpool", "meanpool": "avgpool",
    "globalavgpool": "gap", "globalaveragepool": "gap", "globalaveragepooling": "gap", "globalmaxpool": "gmp", "globalmaxpooling": "gmp",
    "adaptiveavgpool": "adaptivepool", "silu": "swish", "hardswish": "hswish", "hardsigmoid": "hsigmoid", "cat": "concat",
    "concatenate": "concat", "sum": "add", "residual": "add", "average": "mean", "mul": "multiply", "chunk": "split",
    "channelshuffle": "shuffle", "depthtospace": "pixelshuffle", "upsampling": "upsample", "interpolate": "resize",
    "stochasticdepth": "droppath", "reshape": "flatten", "noop": "identity", "group": "do", "sequential": "do",
    "constantpad": "zeropad", "separableconv": "depthwise",
    "leakyrelu": "leaky_relu", "elementwiseadd": "add",
    "selfattention": "attention", "multiheadattention": "attention", "positionembedding": "learned", "pixelunshuffle": "rearrange",
    "spacetodepth": "rearrange", "permute": "rearrange", "transpose": "rearrange", "instancenormalization": "instancenorm",
    "rmsnormalization": "rmsnorm", "globalresponsenorm": "grn", "locallyconnected": "local",
}  # fmt: skip
NO_KIND = {  # layers of other frameworks that no kind computes, although some have names like one
    "transformer", "transformerencoder", "transformerdecoder", "embedding", "lstm", "gru", "rnn", "lstmcell", "grucell", "rnncell",
    "simplernn", "bidirectional", "einsum", "matmul", "spectralnorm", "unfold", "fold", "maxunpool", "lppool", "fractionalmaxpool",
    "adaptivemaxpool", "softplus", "mish", "selu", "celu", "rrelu", "glu", "bilinear", "deformconv", "roialign", "nms", "gather",
    "topk", "roll", "reflectionpad", "replicationpad",
}  # fmt: skip


def named_here(word: str) -> str:
    """Return what to use for a word of another framework; empty if it is not one."""
    dimensions = word[-2:].lower() in ("1d", "2d", "3d")
    plain = re.sub("[123]d$", "", word.lower().replace("_", ""))
    if plain in NO_KIND and plain not in KINDS:
        return "the language has no kind for it"
    here = ELSEWHERE.get(plain, plain if dimensions and plain in KINDS else "")
    return here and f"here it is called {here!r}" + ", in 1, 2 and 3 dimensions" * dimensions
