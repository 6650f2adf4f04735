"""Small networks for tests of output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cnncalc

if TYPE_CHECKING:
    from cnncalc.propagate.report import Report

PLAIN: dict[str, Any] = {
    "name": "Plain",
    "year": 1998,
    "paper": "Somebody, Some journal",
    "input": "28x28x1",
    "params": {"classes": 10},
    "layers": [
        {"conv": 8, "kernel": 5, "name": "C1"},
        {"relu": None, "name": "R1"},
        {"maxpool": 2, "name": "P1"},
        {"conv": 16, "kernel": 5, "stride": 2, "name": "C2"},
        {"bn": None, "name": "B2"},
        {"flatten": None, "name": "flat"},
        {"fc": "classes", "name": "F3"},
    ],
}
RESIDUAL: dict[str, Any] = {
    "name": "Residual",
    "input": "32x32x3",
    "blocks": {
        "unit": {
            "args": {"filters": None},
            "layers": [
                {
                    "add": {
                        "residual": [{"conv": "filters", "kernel": 3, "pad": 1}, "relu", {"conv": "filters", "kernel": 3, "pad": 1}],
                        "shortcut": {"conv": "filters", "when": "in.c != filters", "else": "identity"},
                    }
                },
                "relu",
            ],
        }
    },
    "layers": [
        {"conv": 16, "kernel": 3, "pad": 1, "name": "stem"},
        {"unit": 16, "repeat": 6},
        {"maxpool": 2},
        {"unit": 32, "repeat": 6},
        {"side": [{"avgpool": 4, "name": "exit_pool"}, {"fc": 10, "name": "exit"}]},
        "gap",
        {"fc": 10, "name": "fc"},
    ],
}


def analyze(network: dict[str, Any], **options: Any) -> Report:
    return cnncalc.analyze(network, **options)
