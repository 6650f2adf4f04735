"""What the operators of ONNX are here: the table of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnncalc.importers.onnx_arithmetic import UNARY, activation, arithmetic, local_response, parametric, sum_of
from cnncalc.importers.onnx_attention import attention, softmax
from cnncalc.importers.onnx_forms import HELD, clip, error_function, held, length, square_root, to_length_one
from cnncalc.importers.onnx_layers import convolution, linear, matrix, normalization, pooling, reduction, transposed, whole_pooling
from cnncalc.importers.onnx_parts import gathered, sliced, splitting
from cnncalc.importers.onnx_rearranging import (
    concatenation,
    expanded,
    flattened,
    padding,
    resizing,
    shaped,
    squeezed,
    to_channels,
    to_positions,
    transposition,
    unsqueezed,
)

if TYPE_CHECKING:
    from collections.abc import Callable


OPERATORS: dict[str, Callable[..., Any]] = {
    "Conv": convolution,
    "ConvTranspose": transposed,
    "Gemm": matrix,
    "MatMul": linear,
    "MaxPool": pooling("maxpool"),
    "AveragePool": pooling("avgpool"),
    "GlobalAveragePool": whole_pooling("gap"),
    "GlobalMaxPool": whole_pooling("gmp"),
    "ReduceMean": reduction("gap"),
    "ReduceMax": reduction("gmp"),
    "BatchNormalization": normalization("bn", 1, 2),
    "LayerNormalization": normalization("ln", 1, 2),
    "RMSNormalization": normalization("rmsnorm", 1, 2),
    "InstanceNormalization": normalization("instancenorm", 1, 2),
    "GroupNormalization": normalization("gn", 1, 2, main="num_groups"),
    "ReduceL2": length,
    "LpNormalization": to_length_one,
    "LRN": local_response,
    **dict.fromkeys(UNARY, activation),
    **dict.fromkeys(HELD, held),
    "Erf": error_function,
    "Sqrt": square_root,
    "Clip": clip,
    "Softmax": softmax,
    "Attention": attention,
    "PRelu": parametric,
    **dict.fromkeys(("Add", "Sub", "Mul", "Div", "Pow"), arithmetic),
    "Sum": sum_of,
    "Max": sum_of,
    "Reshape": shaped,
    "Flatten": flattened,
    "Transpose": transposition,
    "Unsqueeze": unsqueezed,
    "Squeeze": squeezed,
    "Expand": expanded,
    "Concat": concatenation,
    "Slice": sliced,
    "Gather": gathered,
    "Split": splitting,
    "Pad": padding,
    "Resize": resizing,
    "Upsample": resizing,
    "DepthToSpace": to_positions,
    "SpaceToDepth": to_channels,
}
