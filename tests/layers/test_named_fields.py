"""Fields: names of their numbers in derivations, defaults from other fields, and bounds."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.dims import Traced, symbol
from cnncalc.layers import KINDS, FieldError, FieldType, fields, shown
from cnncalc.layers.fields import Padding
from cnncalc.limits import LIMITS

C, K = symbol("C"), symbol("K")


@pytest.mark.parametrize(
    ("field", "value", "names"),
    [
        (fields.POSITIVE, 3, ["X"]),
        (fields.STEP, (2, 2), ["X"]),
        (fields.STEP, (2, 3), ["X_h", "X_w"]),
        (fields.PAD, "same", []),
        (fields.PAD, Padding(1, 1, 1, 1), ["X"]),
        (fields.PAD, Padding(1, 1, 2, 2), ["X_h", "X_w"]),
        (fields.PAD, Padding(1, 2, 2, 2), ["X_t", "X_b", "X_w"]),
        (fields.PAD, Padding(1, 1, 1, 2), ["X_h", "X_l", "X_r"]),
        (fields.PAD, Padding(1, 2, 3, 4), ["X_t", "X_b", "X_l", "X_r"]),
        (fields.INTERVAL, (1, 3), ["first", "end"]),
        (fields.FLAG, True, []),
    ],
)
def test_as_few_names_as_tell_numbers_apart(field: FieldType, value: Any, names: list[str]) -> None:
    given: dict[str, Any] = {}

    def name(symbol: str, number: Any) -> Any:
        assert given.setdefault(symbol, number) == number
        return Traced.named(symbol, number)

    named = field.named("X", value, name)
    assert list(given) == names
    plain = [each.value if isinstance(each, Traced) else each for each in (named if isinstance(named, tuple) else (named,))]
    assert plain == list(value if isinstance(value, tuple) else (value,))


@pytest.mark.parametrize(
    ("field", "value", "conditions"),
    [
        (fields.POSITIVE, C / 2, ["C >= 2", "C divisible by 2"]),
        (fields.PLACES, (7, K), ["1000 >= K"]),
        (fields.STEP, (K - 1, C - 1), ["K >= 2", "C >= 2"]),
        (fields.PAD, Padding(K - 1, 0, C - 2, 0), ["C >= 2"]),
        (fields.INTERVAL, (C - 2, C / 3), ["C >= 2", "C divisible by 3"]),
    ],
)
def test_what_must_hold_names_the_field(field: FieldType, value: Any, conditions: list[str]) -> None:
    found = [condition for condition in field.requires("some field", value) if condition.holds is not True]
    assert [str(condition) for condition in found] == conditions
    assert all(condition.message.startswith("some field: expected ") for condition in found)


def test_the_ends_of_what_fits() -> None:
    assert fields.POSITIVE.read(LIMITS.size) == LIMITS.size
    assert fields.FACTOR.read(-LIMITS.size) == -LIMITS.size
    assert (fields.SHARE.read(0), fields.SHARE.read(1)) == (0, 1)
    assert fields.INTERVAL.read([0, 1]) == (0, 1)
    assert fields.AMOUNTS.read([1, 1, 1, 2]) == (1, 1, 1, 2)
    assert fields.AMOUNTS.text(Padding(1, 1, 1, 2)) == "1×1×1×2"
    for field, value in (
        (fields.SHARE, -1),
        (fields.FACTOR, -LIMITS.size - 1),
        (fields.INTERVAL, [-1, 3]),
        (fields.CONNECTIONS, [[0, True]]),
    ):
        with pytest.raises(FieldError, match=r"^expected "):
            field.read(value)
    assert shown("x" * 58) == f"'{'x' * 58}'"
    assert shown("x" * 59) == f"'{'x' * 56}..."


def test_a_field_that_is_like_another_follows_it() -> None:
    kind = KINDS["maxpool"]
    assert [name for name, field in kind.fields.items() if field.required] == ["size"]
    follows: Any = kind(size=(3, 2))
    assert follows.stride == (3, 2)
    assert follows.non_default_fields() == {"size": (3, 2)}
    own: Any = kind(size=(3, 2), stride=(2, 2))
    assert own.non_default_fields() == {"size": (3, 2), "stride": (2, 2)}


def test_what_stands_in_a_field_if_nothing_is_said() -> None:
    """No step beyond 1, no pad, bias and shift; a neighbourhood of 5 as in AlexNet's paper, half of the values dropped."""
    plain = (None, True, 0, 1, (0, 0), (1, 1), (0, 0, 0, 0))
    fields = {
        (kind, name): field for kind, cls in KINDS.items() for name, field in cls.fields.items() if not (field.required or field.like)
    }
    assert {where: field.default for where, field in fields.items() if field.default not in plain} == {
        **dict.fromkeys([("conv", "mode"), ("depthwise", "mode"), ("local", "mode")], "zeros"),
        ("blur", "size"): (3, 3),
        ("softmax", "along"): "channels",
        ("concat", "along"): "channels",
        ("resize", "mode"): "nearest",
        ("rearrange", "sizes"): (),
        ("maxpool", "round"): "floor",
        ("avgpool", "round"): "floor",
        ("attention", "position"): "none",
        ("lrn", "size"): 5,
        ("dropout", "p"): 0.5,
        ("droppath", "p"): 0.5,
    }
    names = {name for (_, name), field in fields.items() if field.default in (1, (1, 1)) and field.default is not True}
    assert names == {"kernel", "stride", "dilation", "groups", "multiplier", "factor", "every"}
