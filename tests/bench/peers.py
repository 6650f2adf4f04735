"""ResNet-152 as other tools are asked for it, one process each: python -m tests.bench.peers torchinfo (needs that tool installed)."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

STAGES = ((64, 3, 1), (128, 8, 2), (256, 36, 2), (512, 3, 2))  # width of the 3x3, units, stride of the first
SHAPE = (1, 3, 224, 224)


def torch_network() -> Any:
    """The network of torch's own layers; torchvision, which takes another second to import, would say the same."""
    torch: Any = import_module("torch")
    nn: Any = torch.nn

    def conv(inputs: int, outputs: int, kernel: int, stride: int = 1) -> list[Any]:
        return [nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs)]

    class Unit(nn.Module):  # type: ignore[misc]  # torch is not there when types are checked
        def __init__(self, inputs: int, width: int, stride: int) -> None:
            super().__init__()
            relu = nn.ReLU(inplace=True)
            self.residual = nn.Sequential(*conv(inputs, width, 1), relu, *conv(width, width, 3, stride), relu, *conv(width, 4 * width, 1))
            projected = stride != 1 or inputs != 4 * width
            self.shortcut = nn.Sequential(*conv(inputs, 4 * width, 1, stride)) if projected else nn.Identity()
            self.relu = relu

        def forward(self, x: Any) -> Any:
            return self.relu(self.residual(x) + self.shortcut(x))

    layers = [*conv(3, 64, 7, 2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, 1)]
    inputs = 64
    for width, units, first in STAGES:
        for unit in range(units):
            layers.append(Unit(inputs, width, 1 if unit else first))
            inputs = 4 * width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 1000)).eval()


def onnx_network() -> Any:
    """The network as a graph of ONNX, batch norms folded into the convolutions as exporters do; weights have shapes and no values."""
    helper: Any = import_module("onnx.helper")
    nodes: list[Any] = []
    weights: list[Any] = []

    def node(kind: str, *inputs: str, **attributes: Any) -> str:
        name = f"{kind}{len(nodes)}"
        nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def weight(*shape: int) -> str:
        weights.append(helper.make_tensor_value_info(f"w{len(weights)}", 1, shape))
        return f"w{len(weights) - 1}"

    def conv(x: str, inputs: int, outputs: int, kernel: int, stride: int = 1) -> str:
        return node("Conv", x, weight(outputs, inputs, kernel, kernel), weight(outputs), strides=[stride] * 2, pads=[kernel // 2] * 4)

    x = node("Relu", conv("image", 3, 64, 7, 2))
    x = node("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
    inputs = 64
    for width, units, first in STAGES:
        for unit in range(units):
            stride = 1 if unit else first
            y = node("Relu", conv(x, inputs, width, 1))
            y = node("Relu", conv(y, width, width, 3, stride))
            shortcut = x if unit else conv(x, inputs, 4 * width, 1, stride)
            x = node("Relu", node("Add", conv(y, width, 4 * width, 1), shortcut))
            inputs = 4 * width
    node("Gemm", node("Flatten", node("GlobalAveragePool", x)), weight(inputs, 1000), weight(1000))
    image = helper.make_tensor_value_info("image", 1, SHAPE)
    scores = helper.make_tensor_value_info(nodes[-1].output[0], 1, [1, 1000])
    return helper.make_model(helper.make_graph(nodes, "resnet152", [image, *weights], [scores]))


def torchinfo() -> None:
    """Its summary, with a forward pass."""
    import_module("torchinfo").summary(torch_network(), SHAPE, device="cpu", verbose=1)


def fvcore() -> None:
    """Its count, from a trace."""
    torch: Any = import_module("torch")
    print(import_module("fvcore.nn").FlopCountAnalysis(torch_network(), torch.zeros(SHAPE)).total())


def thop() -> None:
    """Its count, with a forward pass."""
    torch: Any = import_module("torch")
    print(import_module("thop").profile(torch_network(), (torch.zeros(SHAPE),)))


def keras() -> None:
    """Its summary; the weights are made, nothing is run."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import_module("keras").applications.ResNet152(weights=None).summary()


def onnx() -> None:
    """Its shape inference: volumes alone, no parameters or operations."""
    inferred = import_module("onnx.shape_inference").infer_shapes(onnx_network(), strict_mode=True)
    print(len(inferred.graph.value_info), "volumes")


PEERS = {
    "torchinfo": ("torch", "torchinfo"),
    "fvcore": ("torch", "fvcore"),
    "thop": ("torch", "thop"),
    "keras": ("keras",),
    "onnx": ("onnx",),
}

if __name__ == "__main__":
    globals()[sys.argv[1]]()
