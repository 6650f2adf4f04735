"""The number in a network's name is its depth: the layers with weights on its longest path. Where it is not, the reason stands here."""

from __future__ import annotations

import re

import pytest

import cnncalc

NAMES = [name for name in cnncalc.names() if re.search(r"\d\d", name)]  # one digit is a version or a size

# Patterns of names, in which the group is the depth, with the difference from what is counted and the reason for it.
DEPTHS = {
    r"(?:plain|(?:pre|se_|sk)?resnet|resnetblur|(?:se_)?resnext|senet|vgg|dla|dpn)(\d+)(?:_.*)?": (0, ""),
    r"densenet(?:_bc)?(121|161|169|201|40|100|190|250)(?:_.*)?": (0, ""),
    r"densenet(264)": (1, "its dense blocks have 2 * (6 + 12 + 64 + 48) = 260 layers; with conv1, three transitions and fc these are 265"),
    r"(?:r3d|mc3)_(18)": (0, ""),
    r"r2plus1d_(18)": (17, "each of the 17 convolutions is one in space and one in time"),
    r"wrn(50|101)_2": (0, ""),
    r"wrn(16|28|40)_\d+": (-2, "the paper counts the three projections, which are beside the path, and not fc"),
    r"fractalnet(20)_cifar": (1, "the paper counts convolutions, without fc"),
    r"ese_vovnet(39)b": (1, "the paper counts convolutions, without fc"),
    r"xception(65)": (64, "63 depthwise convolutions count as one layer with the 1x1 behind them, and fc does not count"),
    r"(?:resnest|ecaresnet)(50)d": (2, "three 3x3 in place of the first 7x7"),
    r"botnet(26)t": (2, "three 3x3 in place of the first 7x7"),
    r"res2net(50)_26w_4s": (24, "in 12 of the 16 units, three 3x3 in a row in place of one"),
    r"cspresnet(50)": (6, "three units fewer, of three each; three 1x1 in each of four stages, and a 3x3 ahead of three of them"),
    r"cspdarknet(53)": (15, "three 1x1 more in each of five stages"),
    r"fcn_resnet(50)": (1, "a head of two layers in place of fc"),
    r"deeplabv3_resnet(50)": (3, "a head of four layers in place of fc"),
}
OTHER_NUMBERS = {  # what the number is, if not the depth
    r"(?:vit_[bl]|mixer_b).*": "the side of a patch",
    r".*(?:net|netv2|v1|v2|lcnet)_\d{2,3}": "the width, in percent or hundredths",
    r"levit_\d+": "channels of the first stage",
    r"hrnet_w\d+": "channels of the first branch",
    r"(?:caformer|poolformer)_s\d+|fastvit_[st]12|convmixer_768_32": "the blocks, of several layers each",
    r"regnet[xy]_\d+[gm]f": "the multiply-adds",
    r"nin_cifar\d+|c3d_ucf101": "the classes of the data set",
    r"ssd\d+_.*|retinanet_resnet50.*": "the network whose features it uses, or the input",
}


def rows(name: str) -> list[str]:
    return [pattern for pattern in (*DEPTHS, *OTHER_NUMBERS) if re.fullmatch(pattern, name)]


@pytest.mark.parametrize("name", NAMES)
def test_the_number_in_a_name_is_the_depth(name: str) -> None:
    (pattern,) = rows(name)  # a new network with a number in its name needs a row above
    if pattern in DEPTHS:
        found = re.fullmatch(pattern, name)
        assert found is not None
        assert cnncalc.analyze(name).total.weight_layers == int(found[1]) + DEPTHS[pattern][0]


def test_every_difference_has_a_reason() -> None:
    assert all(bool(difference) == bool(reason) for difference, reason in DEPTHS.values())
    assert all(any(re.fullmatch(pattern, name) for name in NAMES) for pattern in DEPTHS)
