"""Every network of the catalogue against figures from an independent counter (catalogue.csv)."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import cnncalc

if TYPE_CHECKING:
    from cnncalc.propagate.report import Report

TABLE = list(csv.DictReader(Path(__file__).with_name("catalogue.csv").read_text(encoding="utf-8").splitlines()))
KNOWN = set(cnncalc.names())
COUNTED = ("conv", "depthwise", "upconv", "fc")


@cache
def report(name: str) -> Report:
    return cnncalc.analyze(name)


@pytest.mark.parametrize("row", TABLE, ids=[row["name"] for row in TABLE])
def test_a_network_comes_to_its_figures(row: dict[str, str]) -> None:
    found = report(row["name"])
    main = [each for each in found if not each.side]
    assert found.total.params == int(row["params"])
    assert sum(each.buffers for each in main if each.kind == "bn") == int(row["buffers"])
    if row["macs"]:
        assert found.total.macs == int(row["macs"])
    if row["conv_fc_outputs"]:
        assert sum(each.values for each in main if each.kind in COUNTED) == int(row["conv_fc_outputs"])


def test_the_catalogue_has_every_name() -> None:
    assert not {row["name"] for row in TABLE} - KNOWN
