from __future__ import annotations

import gc
import os
import re
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from cnncalc.errors import Problem, SpecError
from cnncalc.limits import LIMITS, Limits
from cnncalc.spec.reader import Mapping, Scalar, Sequence, YamlNode, inside, read, read_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOO_DEEP = "nested too deeply: more than 64 nested lists and mappings"
LINE = "- {conv: 64, kernel: 3, pad: 1, name: c17}\n"


@contextmanager
def python_parser() -> Iterator[None]:
    """The parser of places where PyYAML has no C extension."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(yaml, "CSafeLoader", raising=False)
        yield


@pytest.fixture(params=["c", "python"])
def parser(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "c":
        yield "c"
    else:
        with python_parser():
            yield "python"


def plain(node: YamlNode) -> Any:
    """A tree without its places."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return [(key.text, plain(value)) for key, value in zip(node.keys, node.values, strict=True)]


def composed(node: Any) -> Any:
    """The same of what PyYAML composes."""
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [composed(item) for item in node.value]
    return [(composed(key), composed(value)) for key, value in node.value]


def scalars(node: YamlNode) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from scalars(item)
    else:
        yield from node.keys
        for value in node.values:
            yield from scalars(value)


def nodes(node: YamlNode) -> Iterator[YamlNode]:
    yield node
    for child in node.items if isinstance(node, Sequence) else [*node.keys, *node.values] if isinstance(node, Mapping) else []:
        yield from nodes(child)


def placed(node: YamlNode) -> Any:
    """A tree with its places; where an empty text stands is the parser's choice."""
    if isinstance(node, Scalar):
        return (node.text, node.at if node.text else None, node.plain)
    if isinstance(node, Sequence):
        return [node.at, *map(placed, node.items)]
    return {"at": node.at, "keys": [placed(key) for key in node.keys], "values": [placed(value) for value in node.values]}


def problems(text: str | bytes, limits: Limits = LIMITS) -> list[str]:
    """Every problem as line:column: message."""
    with pytest.raises(SpecError) as caught:
        read(text, "net.yaml", limits)
    return ["{1}:{2}: {message}".format(*each.place, message=each.message) for each in caught.value.problems]


# Trees


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a: b", [("a", "b")]),
        ("word", "word"),
        ("- a\n- [b, {c: d}]\n-\n", ["a", ["b", [("c", "d")]], ""]),
        ("{a, b: }", [("a", ""), ("b", "")]),
        (
            "no: no\nt: 1:28:28\nn: 010\ne: 1e3\nv: ~\nd: 2012-01-01",
            [("no", "no"), ("t", "1:28:28"), ("n", "010"), ("e", "1e3"), ("v", ""), ("d", "2012-01-01")],
        ),
        ("[null, 'null', ~, \"~\", null, 'null']", ["", "null", "", "~", "", "null"]),
        ("a: 'it''s'\nb: \"\\u00e9\\n\"", [("a", "it's"), ("b", "é\n")]),
        ("a: |\n  x\n  y\nb: >\n  x\n  y\n", [("a", "x\ny\n"), ("b", "x y\n")]),
        ("# a comment\n---\na: 1 # one\n...\n# the end\n", [("a", "1")]),
        ("a: &x [1, 2]\nb: *x\nc: *x", [("a", ["1", "2"]), ("b", ["1", "2"]), ("c", ["1", "2"])]),
        ("&k a: 1\nb: *k", [("a", "1"), ("b", "a")]),
        ("a: &x 1\nb: &x 2\nc: *x", [("a", "1"), ("b", "2"), ("c", "2")]),
        ("'<<': 1", [("<<", "1")]),
        ("when: stride > 1 or in.c != 4 * width\nx: 1!", [("when", "stride > 1 or in.c != 4 * width"), ("x", "1!")]),
    ],
)
def test_trees(parser: str, text: str, tree: Any) -> None:
    assert plain(read(text, "net.yaml")[1]) == tree


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("encoded", [False, True])
def test_places_count_characters(parser: str, end: str, start: str, encoded: bool) -> None:
    """Two bytes, four bytes and two-character line ends are one place each, and a mark of byte order is none."""
    text = start + end.join(["é: ü", "😀x: [a, 'b😀', \"c\"]", "日本: {k: 本v, l: }", "last: word"])
    source, tree = read(text.encode() if encoded else text, "net.yaml")
    assert source.text == text.removeprefix("\ufeff")
    for scalar in scalars(tree):
        assert source.text.startswith(scalar.text if scalar.plain else ("'" + scalar.text, '"' + scalar.text), scalar.at)
    assert isinstance(tree, Mapping)
    assert [source.locate(key.at) for key in tree.keys] == [(1, 1), (2, 1), (3, 1), (4, 1)]
    assert [source.locate(value.at) for value in tree.values] == [(1, 4), (2, 5), (3, 5), (4, 7)]


def test_places_of_containers_and_quotes(parser: str) -> None:
    text = "a:\n  - {b: 'c'}\n  - &x [d]\ne: &y f"
    _, tree = read(text, "net.yaml")
    assert placed(tree) == {
        "at": 0,
        "keys": [("a", 0, True), ("e", 27, True)],
        "values": [[5, {"at": 7, "keys": [("b", 8, True)], "values": [("c", 11, False)]}, [20, ("d", 24, True)]], ("f", 33, True)],
    }


@pytest.mark.parametrize(
    ("text", "at"), [("K: \nb: 1", 2), ("K:", 2), ("{K: }", 3), ("{K:   , b: 1}", 3), ("{K}", 2), ("K: # nothing\n", 2), ("K: &a\n", 3)]
)
def test_an_empty_value_is_an_empty_text(parser: str, text: str, at: int) -> None:
    _, tree = read(text, "net.yaml")
    assert isinstance(tree, Mapping)
    value = tree.values[0]
    assert isinstance(value, Scalar)
    assert (value.text, value.at, value.plain) == ("", at, True)


def test_an_alias_is_the_same_node() -> None:
    _, tree = read("a: &x {k: 1}\nb: *x\nc: [*x]", "net.yaml")
    assert isinstance(tree, Mapping)
    assert isinstance(tree.values[2], Sequence)
    assert tree.values[0] is tree.values[1] is tree.values[2].items[0]


def test_equal_texts_are_one_object() -> None:
    _, tree = read(LINE * 3, "net.yaml")
    assert len({id(scalar.text) for scalar in scalars(tree)}) == 8


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("text", ["a: b", "a: [b"])
def test_the_garbage_collector_is_as_it_was(enabled: bool, text: str) -> None:
    was = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        with suppress(SpecError):
            read(text, "net.yaml")
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if was else gc.disable)()


def test_the_tree_of_100_layers_is_what_pyyaml_loads(parser: str) -> None:
    text = "layers:\n" + "".join(LINE.replace("17", str(i)) for i in range(100))
    _, tree = read(text, "net.yaml")
    loaded = yaml.load(text, yaml.BaseLoader)
    assert plain(tree) == [("layers", [list(layer.items()) for layer in loaded["layers"]])]


# The place of a character of a scalar


@pytest.mark.parametrize(
    ("text", "offset", "at"),
    [
        ("a: 4 * width", 4, 7),
        ("a: '4 * width'", 4, 8),
        ('a: "4 * width"', 4, 8),
        ('a: "4\\x20* width"', 4, 3),
        ("a: 'it''s'", 4, 3),
        ("a: |\n  4 * width\n", 4, 3),
        ("a: 4 *\n  width", 4, 3),
        ("a: 4", 9, 4),
    ],
)
def test_a_character_of_a_scalar(text: str, offset: int, at: int) -> None:
    source, tree = read(text, "net.yaml")
    assert isinstance(tree, Mapping)
    assert isinstance(tree.values[0], Scalar)
    assert inside(source, tree.values[0], offset, 2).at == at


# Refused, each with its place


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["1:1: the file is empty"]),
        ("# only\n  # comments", ["1:1: the file is empty"]),
        ("---\n", ["1:1: the file is empty"]),
        ("\n \n", ["1:1: the file is empty"]),
        ("a: 1\n---\nb: 2", ["2:1: a second document starts here; a file has one"]),
        ("a: 1\n...\n---\nb: 2", ["3:1: a second document starts here; a file has one"]),
        ("%YAML 1.1\n---\na: 1", ["1:1: lines that start with '%' are not supported"]),
        ("a: 1\n...\n%TAG !a! b\n---\n", ["3:1: a second document starts here; a file has one"]),
        ("[a]: b", ["1:1: a key must be a text"]),
        ("x: 1\n? {a: b}\n: b", ["2:3: a key must be a text"]),
        ("a: !!python/object:os.system x", ["1:4: YAML tags ('!...') are not supported"]),
        ("!x {a: !!str b}\n", ["1:1: YAML tags ('!...') are not supported", "1:8: YAML tags ('!...') are not supported"]),
        ("a: !", ["1:4: YAML tags ('!...') are not supported"]),
        ("a: !x!y z", ["1:4: YAML tags ('!...') are not supported"]),
        ("b: &b {c: 1}\na:\n  <<: *b", ["3:3: the merge key '<<' is not supported"]),
        ("a: 1\nb: 2\na: 3\na: 4", ["3:1: 'a' is given twice: also on line 1", "4:1: 'a' is given twice: also on line 1"]),
        ("{conv: 1, 'conv': 2}", ["1:11: 'conv' is given twice: also on line 1"]),
        ("a: &x [*x]", ["1:8: '*x' refers to a node that contains it"]),
        ("a: &x {b: [1, *x]}", ["1:15: '*x' refers to a node that contains it"]),
        ("a: *x", ["1:4: '*x' has no anchor '&x' above"]),
        ("a: *b\nc: *d\na: 1", [
            "1:4: '*b' has no anchor '&b' above",
            "2:4: '*d' has no anchor '&d' above",
            "3:1: 'a' is given twice: also on line 1",
        ]),
        ("a: 1\nb: \x00", ["2:4: not text: the character U+0000"]),
        ("a: \x1b[31m", ["1:4: not text: the character U+001B"]),
        ("a: \ufeff", ["1:4: not text: the character U+FEFF"]),
        ("a: \ud800", ["1:4: not text: the character U+D800"]),
        (b"a: 1\nb: \xff\xfe", ["2:4: not UTF-8: byte 9 is 0xFF"]),
        ("é: 😀".encode() + b"\xc3", ["1:5: not UTF-8: byte 9 is 0xC3"]),
        (b"\xef\xbb\xbfa: \xff", ["1:4: not UTF-8: byte 4 is 0xFF"]),
        (b"\x89PNG\r\n\x1a\n", ["1:1: not UTF-8: byte 1 is 0x89"]),
        ("a: 1".encode("utf-16"), ["0:0: net.yaml: UTF-16, not UTF-8"]),
        ('a: "\\e[31m"', ["1:4: this text has unprintable characters"]),
    ],
)  # fmt: skip
def test_refused(parser: str, text: str | bytes, expected: list[str]) -> None:
    assert problems(text) == expected


# Limits


def test_nesting_up_to_the_limit(parser: str) -> None:
    assert plain(read("[" * LIMITS.nesting + "]" * LIMITS.nesting, "net.yaml")[1])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[" * 10_000, "1:65"),
        ("{a: " * 10_000, "1:257"),
        ("- " * 10_000, "1:129"),
        ("? " * 10_000, "1:129"),
        ("".join("\n" + " " * i + "a:" for i in range(200)), "66:65"),
        ("[" * 65 + "]" * 65, "1:65"),
        ("[" * 1_001, "1:65"),
        ("[a: " * 500, "1:129"),
        ("- " * 60 + "[" * 2_000, "1:125"),
        ("x: [" + "{" * 2_000, "1:67"),
        ("[" * 70 + "@", "1:65"),
    ],
)
def test_nesting_beyond_the_limit(parser: str, text: str, place: str) -> None:
    assert problems(text) == [f"{place}: {TOO_DEEP}"]


class LimitedLoader(yaml.SafeLoader):
    """A parser that reads far ahead, and refuses the 100th bracket in words of its own."""

    def get_event(self) -> Any:
        if self.buffer.count("[") > 99:
            at = [i for i, letter in enumerate(self.buffer) if letter == "["][99]
            raise yaml.MarkedYAMLError("here", None, "enough", yaml.Mark("", at, 0, at, "", 0))
        return super().get_event()  # type: ignore[no-untyped-call]  # the stubs leave it out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- " * 10 + "[" * 100, f"1:75: {TOO_DEEP}"),
        ("a: [" + "[b], " * 100, "1:495: this is not YAML: enough"),
    ],
    ids=["too deep", "not too deep"],
)
def test_a_limit_of_the_parser_does_not_hide_ours(text: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "CSafeLoader", LimitedLoader, raising=False)
    assert problems(text) == [expected]


brackets = st.lists(st.sampled_from(["[" * 40, "[" * 900, "{" * 30, "{a: ", "[b: ", "? ", "]", "x, ", "- ", '"[', "\n", "@"]), max_size=8)


@settings(max_examples=50, deadline=None)
@given(brackets.map("".join))
def test_both_parsers_find_the_same_place_where_it_is_too_deep(text: str) -> None:
    with python_parser(), suppress(SpecError):
        read(text, "net.yaml")
        return
    found = problems(text)
    with python_parser():
        assert found == problems(text) or TOO_DEEP not in "".join(found + problems(text))


def test_an_alias_bomb_is_refused_by_counting(parser: str) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{name}: &{name} [{', '.join(10 * ['*' + before])}]"
        for before, name in zip("abcdefghijklmnopqr", "bcdefghijklmnopqrs", strict=True)
    ]
    assert problems("\n".join(lines)) == ["7:8: too large: more than 2,500,000 entries, with all aliases expanded"]


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("[a, b, c]", 5),
        ("{a: b, c: d}", 6),
        ("[[], [], {}]", 8),
        ("[&x [a, b], *x, *x]", 14),
        ("[&x [a, &y [b]], *x, *y]", 17),
        ("[&x a, *x, *x, *x]", 6),
    ],
)
def test_size_counts_every_reference_as_what_it_stands_for(text: str, entries: int) -> None:
    allowance = 3  # events of the stream and the document, which the loop sees as well
    read(text, "net.yaml", Limits(entries=entries + allowance))
    assert "too large: more than" in problems(text, Limits(entries=entries - 1))[0]


def test_size_is_not_exceeded_by_much_before_it_is_noticed() -> None:
    assert problems("- a\n" * 1_000_000, Limits(entries=1_000)) == ["997:3: too large: more than 1,000 entries, with all aliases expanded"]


def test_keys_of_a_mapping(parser: str) -> None:
    text = "\n".join(f"k{i}: 1" for i in range(LIMITS.keys))
    read(text, "net.yaml")
    assert problems(f"a:\n - {{{', '.join(f'k{i}' for i in range(LIMITS.keys + 1))}}}") == [
        "2:4: a mapping of 10,001 keys; the limit is 10,000"
    ]


def test_length_of_a_text(parser: str) -> None:
    read("a: " + "x" * LIMITS.text_characters, "net.yaml")
    assert problems("a: " + "x" * (LIMITS.text_characters + 1)) == ["1:4: a text of 20,001 characters; the limit is 20,000"]


def test_problems_end_some_time() -> None:
    assert len(problems("- *a\n" * 10_000)) == LIMITS.problems


@pytest.mark.parametrize("text", ["a" * 11, b"a" * 11])
def test_bytes(text: str | bytes) -> None:
    assert problems(text, Limits(file_bytes=10)) == ["0:0: net.yaml: too large: more than 0 MiB"]


# Files


def refused(path: Path | str, name: str | None = None) -> str:
    with pytest.raises(SpecError) as caught:
        read_file(path, name)
    return str(caught.value)


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "net.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: \xc3\xa9\r\n")
    source, tree = read_file(path)
    assert (source.name, plain(tree)) == (str(path), [("a", "é")])
    assert read_file(str(path), "short.yaml")[0].name == "short.yaml"


def test_a_missing_file_has_neighbours(tmp_path: Path) -> None:
    (tmp_path / "alexnet.yaml").write_text("a: b")
    assert refused(tmp_path / "alexnte.yaml", "alexnte.yaml") == "alexnte.yaml: no such file\n  did you mean 'alexnet.yaml'?"
    assert refused(tmp_path / "zzz", "zzz") == "zzz: no such file"
    assert refused(tmp_path / "no" / "zzz", "no/zzz") == "no/zzz: no such file\n  the folder 'no' does not exist"


def test_a_missing_file_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "vgg16.yaml").write_text("a: b")
    monkeypatch.chdir(tmp_path)
    assert refused("vgg61.yaml") == "vgg61.yaml: no such file\n  did you mean 'vgg16.yaml'?"


def test_not_a_file(tmp_path: Path) -> None:
    assert refused(tmp_path, "here") == "here: a folder, not a file"
    assert refused("a\0b", "x") == "x: cannot be read: a file name cannot contain a NUL character"


@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
def test_files_that_never_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    assert refused(tmp_path / "fifo", "fifo").startswith("fifo:1:1: the file is empty")  # nobody writes into it
    assert refused("/dev/zero") == "/dev/zero: cannot be read: a device, not a file"
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert refused(tmp_path / "loop", "loop") == "loop: cannot be read: Too many levels of symbolic links"


def test_an_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", denied)  # root may read everything
    assert refused(tmp_path / "net.yaml", "net.yaml") == "net.yaml: cannot be read: Permission denied"


@pytest.mark.skipif(sys.platform == "win32", reason="such a file takes its room there")
def test_a_large_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(10**11)  # a sparse one: it takes no room
    assert refused(path, "large.yaml") == "large.yaml: too large: more than 16 MiB"


def test_the_handle_is_closed(tmp_path: Path) -> None:
    before = len(os.listdir("/dev/fd")) if os.path.isdir("/dev/fd") else 0
    for _ in range(3):
        refused(tmp_path, "here")
    assert before == (len(os.listdir("/dev/fd")) if os.path.isdir("/dev/fd") else 0)


# Properties

signs = st.text(alphabet="ab:-?[]{},&*!|>'\"%@`#~.<\\ \t\n\r\x85\u2028\ufeffé😀0u", max_size=40)
PIECES = """a:␣ b:␣ -␣ ⏎ ⏎␣␣ ⏎-␣ [ ] { } ,␣ &x␣ *x ' " # |⏎␣␣ >-⏎␣ 1 é 😀 ?␣ !t␣ ... --- <<"""
pieces = st.lists(st.sampled_from([piece.replace("␣", " ").replace("⏎", "\n") for piece in PIECES.split(" ")]), max_size=25).map("".join)


@settings(max_examples=400, deadline=None)
@given(signs | pieces | st.text(max_size=30))
@example("{b: \n")
@example('"\\UFFFFFFFF"')
def test_any_text_gives_a_tree_or_problems_with_places_inside_it(text: str) -> None:
    for use in (any_parser, python_parser):
        with use():
            check_any(text, text.removeprefix("\ufeff"))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=40) | signs.map(lambda text: text.encode("utf-8")) | signs.map(lambda text: text.encode("utf-16")))
def test_any_bytes_give_a_tree_or_problems_with_places_inside_them(data: bytes) -> None:
    check_any(data, data.removeprefix(b"\xef\xbb\xbf").decode(errors="replace"))


@contextmanager
def any_parser() -> Iterator[None]:
    yield


def check_any(given_text: str | bytes, text: str) -> None:
    found: tuple[Problem, ...] = ()
    try:
        source, tree = read(given_text, "net.yaml")
    except SpecError as error:
        found = error.problems
    else:
        assert source.text == text
        assert all(0 <= node.at <= len(text) for node in nodes(tree))
        return
    assert found
    for problem in found:
        assert problem.message
        assert str(problem)
        if problem.span is not None:
            assert problem.span.source.text == text
            assert 0 <= problem.span.at <= len(text)
            assert problem.span.width >= 1


@settings(max_examples=300, deadline=None)
@given(signs | pieces)
def test_what_is_read_is_what_pyyaml_composes(text: str) -> None:
    for use, loader in ((any_parser, getattr(yaml, "CSafeLoader", yaml.SafeLoader)), (python_parser, yaml.SafeLoader)):
        with use():
            try:
                _, tree = read(text, "net.yaml")
            except SpecError:
                continue
            if len(set(re.findall(r"&\w+", text))) == text.count("&"):  # an anchor that is given twice is refused by PyYAML
                assert plain(tree) == composed(yaml.compose(text, loader))


texts = st.text(alphabet="abc 019.*/+-:#'\"\\é😀\n", max_size=8)
trees: st.SearchStrategy[Any] = st.recursive(
    texts, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12
)


@settings(max_examples=150, deadline=None)
@given(trees, st.sampled_from([True, False, None]), st.sampled_from(["\n", "\r\n"]))
def test_a_written_tree_is_read_back_by_both_parsers(tree: Any, flow: bool | None, end: str) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True, default_flow_style=flow, line_break=end, width=30)
    assume("!!" not in text)
    source, found = read(text, "net.yaml")
    assert plain(found) == listed(tree)
    with python_parser():
        assert placed(read(text, "net.yaml")[1]) == placed(found)
    for scalar in scalars(found):
        if scalar.plain and " " not in scalar.text:
            assert source.text.startswith(scalar.text, scalar.at)


def listed(tree: Any) -> Any:
    if isinstance(tree, dict):
        return [(key, listed(tree[key])) for key in sorted(tree)]
    return [listed(item) for item in tree] if isinstance(tree, list) else tree


def test_spans_are_of_the_source_without_the_mark() -> None:
    with pytest.raises(SpecError) as caught:
        read("\ufeffa: 1\na: 2", "net.yaml")
    assert str(caught.value) == "net.yaml:2:1: 'a' is given twice: also on line 1\n  a: 2\n  ^"


def test_long_keys_are_shortened_in_messages() -> None:
    key = "k" * 200
    assert problems(f"{key}: 1\n{key}: 2") == [f"2:1: '{'k' * 40}...' is given twice: also on line 1"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{claim: count(net, conv), is: 57}", "count(net, conv)"),
        ("{claim: max(1, 2,  divisible(a, 8)) + 1, is: 57}", "max(1, 2,  divisible(a, 8)) + 1"),
    ],
)
def test_the_commas_of_a_call_do_not_cut_a_value(text: str, value: str) -> None:
    _, tree = read(text, "f.yaml")
    assert isinstance(tree, Mapping)
    assert [key.text for key in tree.keys] == ["claim", "is"]
    assert isinstance(tree.values[0], Scalar)
    assert tree.values[0].text == value


def test_the_commas_of_a_call_do_not_cut_an_item() -> None:
    _, tree = read("[min(a, b), 3, a(b, '4)']", "f.yaml")
    assert isinstance(tree, Sequence)
    assert [item.text for item in tree.items if isinstance(item, Scalar)] == ["min(a, b)", "3", "a(b", "4)"]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("[f(a, b, c]", ["f(a", "b", "c"]),
        ("[f(a, [b], c)]", ["f(a", ["b"], "c)"]),
        ("[f(, g(a, b)]", ["f(", "g(a, b)"]),
        ("[f(a, 'b)', c]", ["f(a", "b)", "c"]),
        ("[f(a, b)), c]", ["f(a", "b))", "c"]),
        ("{x: f(a, b: c)}", [("x", "f(a"), ("b", "c)")]),
        ("{x: f(a, b), y: 1}", [("x", "f(a, b)"), ("y", "1")]),
        ("{f(a, b): 1}", [("f(a", ""), ("b)", "1")]),
        ("- &x b)\n- [f(a, *x]", ["b)", ["f(a", "b)"]]),
        ("[f(a, b\n  c)]", ["f(a", "b c)"]),
        ("[f(a,\n  b)]", ["f(a,\n  b)"]),
        ("&y [f(a, b)]", ["f(a, b)"]),
        ("- f(a\n- b)", ["f(a", "b)"]),
        ("x: f(a\nb: 1", [("x", "f(a"), ("b", "1")]),
    ],
)
def test_only_the_commas_of_a_call_are_put_back(parser: str, text: str, tree: Any) -> None:
    assert plain(read(text, "net.yaml")[1]) == tree


def test_calls_that_never_close_are_read_in_bounded_time() -> None:
    _, tree = read("[" + "f(a, " * 60_000 + "]", "net.yaml")
    assert isinstance(tree, Sequence)
    assert len(tree.items) == 60_000
    _, tree = read(f"[f({', '.join('a' * 65)})]", "net.yaml")
    assert isinstance(tree, Sequence)
    assert len(tree.items) == 1
