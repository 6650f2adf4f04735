"""What strangers' files cannot do: read others, run code, write, or pretend in a result to be more than words."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

from cnncalc.cli.main import cli
from cnncalc.spec import catalogue_index
from tests.cli.every import CLEAN, commands
from tests.cli.every import DRIVER as TOGETHER
from tests.cli.run import complete, run
from tests.importers import onnx_files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "cnncalc"

# no code is run


NAMES = {"eval", "exec", "compile", "__import__", "globals", "breakpoint"}  # that of Python's own have no business here
ATTRIBUTES = {  # of any object: the ways of PyYAML to make objects, and ways around the names above
    "load", "load_all", "full_load", "unsafe_load", "safe_load", "Loader", "FullLoader", "UnsafeLoader", "add_constructor", "get_data",
    "get_single_data", "construct_object", "construct_document", "__globals__", "__subclasses__", "__code__", "__builtins__", "__reduce__",
}  # fmt: skip
MODULES = {
    "asyncio", "code", "codeop", "concurrent", "ctypes", "dbm", "ftplib", "http", "marshal", "multiprocessing", "pathlib", "pickle",
    "posix", "pty", "runpy", "shelve", "shutil", "smtplib", "socket", "socketserver", "ssl", "subprocess", "tempfile", "urllib",
    "webbrowser", "xmlrpc",
}  # fmt: skip
OS = {"path", "sep", "fspath", "PathLike", "getcwd", "scandir"}  # what may be used of it anywhere; and at one place, what is needed there
DOORS: Mapping[str, set[str]] = {
    "spec/opened.py": {"open", "close", "fstat", "stat", "stat_result", "O_RDONLY", "set_blocking"},
    "output/forms/files.py": {
        "open",
        "stat",
        "fstat",
        "stat_result",
        "access",
        "replace",
        "unlink",
        "chmod",
        "chown",
        "fsync",
        "urandom",
        "makedirs",
    }
    | {"W_OK", "O_WRONLY", "O_CREAT", "O_EXCL"},
    "output/forms/terminal.py": {"environ", "get_terminal_size"},
    "cli/progress.py": {"environ"},
    "cli/main.py": {"environ"},
    "cli/shells.py": {"environ"},
    "cli/surroundings.py": {"get_terminal_size", "open", "dup2", "devnull", "environ", "O_RDONLY", "O_WRONLY"},
    "spec/catalogue.py": {"open"},
    "spec/catalogue_index.py": {"open"},
}


def uses(tree: ast.AST) -> Iterator[str]:
    """What a source names, takes from objects and imports: open, .open, os.open, import os."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield f"os.{node.attr}" if isinstance(node.value, ast.Name) and node.value.id == "os" else f".{node.attr}"
        elif isinstance(node, ast.Import):
            assert not any(alias.asname for alias in node.names)
            yield from (f"import {alias.name.partition('.')[0]}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"import {(node.module or '').partition('.')[0]}"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_no_source_has_a_way_to_run_what_it_reads_or_to_reach_further() -> None:
    for path in PACKAGE.rglob("*.py"):
        place = path.relative_to(PACKAGE).as_posix()
        found = set(uses(ast.parse(path.read_text(encoding="utf-8"))))
        assert not found & NAMES, place
        assert not found & {f"import {name}" for name in MODULES}, place
        assert not found & {f".{name}" for name in ATTRIBUTES}, place
        allowed = OS | DOORS.get(place, set())
        assert not {use for use in found if use.startswith("os.") and use.partition(".")[2] not in allowed | {"path.exists"}}, place
        assert "open" not in found or "open" in allowed, place
        assert "importlib.import_module" not in found or place in ("cli/main.py", "__init__.py"), place  # of tables of names


# no file is read but those that are named, in their own folder, and none is written but that of -o


SECRET = "TOPSECRET"
NETWORK = "input: 8x8x3\nlayers: [{conv: 3, name: a}]\n"
LINES: Mapping[str, str] = {  # every command, on a stranger's network where it takes one
    "show": "show {}",
    "list": "list vgg",
    "explain": "explain {} a params",
    "formula": "formula {} --layers",
    "compare": "compare {} lenet5",
    "check": "check sheet.yaml",
    "solve": "solve {} --layer a --vary pad --out 8x8x3",
    "fit": "fit {} --vary batch=1:2 --max macs=1G",
    "sweep": "sweep {} --vary batch=1:2",
    "quiz": "quiz ./{} --questions 2 --seed 1",
    "practice": "practice ./{} --questions 1 --seed 1",
    "counts": "counts {}",
    "reconcile": "reconcile {} 4.13G macs",
    "memory": "memory {}",
    "chart": "chart {}",
    "diagram": "diagram {} --format dot",
    "import": "import model.onnx",
    "validate": "validate {} sheet.yaml",
    "layers": "layers conv",
    "schema": "schema",
    "new": "new fresh",
    "completion": "completion bash",
    "help": "help sheets",
}
WITH_NETWORK = [line for line in LINES.values() if "{}" in line]
ESCAPES = (
    "../secret.yaml", "inner/../../secret.yaml", "link.yaml", "./link.yaml", "up/secret.yaml", "up/home/../secret.yaml",
    "{base}/secret.yaml", "{base}/home/../secret.yaml", "../secret.txt", "/etc/passwd", "/dev/stdin", "/proc/self/environ", "..",
    "/", "up/", "inner/deep.yaml", "../home2/secret.yaml",
)  # fmt: skip
DRIVER = """
import io, json, os, sys

events, watching = [], True

def hook(name, args):
    if not watching or name in ("object.__getattr__", "sys._getframe", "marshal.loads", "code.__new__", "builtins.id", "sys.excepthook"):
        return
    if name == "open":
        events.append([name, args[0] if isinstance(args[0], (str, int)) else os.fsdecode(args[0] or b""), args[2] or 0])
    elif name == "compile":
        events.append([name, SECRET in repr(args[0]), args[1] if isinstance(args[1], str) else ""])
    elif name == "exec":
        events.append([name, getattr(args[0], "co_filename", str(args[0]))])
    elif name != "import":
        events.append([name, *map(str, args[:2])])

SECRET = "TOPSECRET"
shown = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
real, sys.stdout, sys.stderr = sys.stdout, shown, shown
sys.addaudithook(hook)
from cnncalc.cli import main
codes = []
for words in json.loads(sys.argv[1]):
    try:
        main.cli(words, prog_name="cnncalc")
    except SystemExit as left:
        codes.append(left.code)
watching = False
shown.flush()
print(json.dumps({"events": events, "codes": codes, "shown": shown.buffer.getvalue().decode()}), file=real)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A stranger's folder, with ways out of it, beside files that are none of the stranger's business."""
    if sys.platform == "win32":
        pytest.skip("links need special rights there")
    folder = tmp_path / "home"
    for name in ("home", "home/inner", "home2"):
        (tmp_path / name).mkdir()
    for name in ("secret.yaml", "home2/secret.yaml"):
        (tmp_path / name).write_text(f"name: {SECRET}\n{NETWORK}", encoding="utf-8")
    (tmp_path / "secret.txt").write_text(f"{SECRET}: [\n", encoding="utf-8")
    (folder / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "up").symlink_to(tmp_path)
    (folder / "inner" / "deep.yaml").write_text("like: ../parent.yaml\n", encoding="utf-8")  # its own folder is the inner one
    (folder / "parent.yaml").write_text(NETWORK, encoding="utf-8")
    (folder / "child.yaml").write_text("like: parent.yaml\n", encoding="utf-8")
    (folder / "model.onnx").write_bytes(onnx_files.model([onnx_files.node("Relu", ["x"], ["y"])], {"x": (1, 3, 8, 8)}, ["y"]))
    (folder / "sheet.yaml").write_text(
        "questions:\n  - {network: child.yaml, params: 12}\n"
        "  - {claim: params(claimed.yaml) / params(lenet5), is: 1}\n"
        "  - {network: {like: written.yaml}, params: 12}\n",
        encoding="utf-8",
    )
    for name in ("claimed.yaml", "written.yaml"):
        (folder / name).write_text(NETWORK, encoding="utf-8")
    return folder


def watched(folder: Path, lines: list[list[str]]) -> dict[str, Any]:
    """What happened while command lines ran, as Python itself tells it."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", DRIVER, json.dumps(lines)],
        cwd=folder,
        env=CLEAN,
        capture_output=True,
        text=True,
        check=False,
        input=SECRET,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


DANGEROUS = re.compile(
    r"subprocess|socket|ssl|urllib|http|ftplib|smtplib|ctypes|shutil|tempfile|webbrowser|pty|signal|syslog|winreg"
    r"|os\.(system|exec|posix_spawn|spawn|fork|kill|putenv|unsetenv|remove|rmdir|mkdir|symlink|link|truncate|chdir|chflags|setxattr|startfile)"
)


def checked(found: dict[str, Any], folder: Path, written: tuple[str, ...] = ()) -> None:
    """Only files of the folder, of the catalogue and of Python were opened; nothing ran; nothing else was done to files."""
    python = {os.path.realpath(each) for each in (sys.prefix, sys.base_prefix, *sys.path, str(ROOT), catalogue_index.folder()) if each}
    for name, *about in found["events"]:
        if name == "open" and isinstance(about[0], str):
            place = os.path.realpath(folder / about[0])
            writing = about[1] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
            if writing:
                assert os.path.dirname(place) == str(folder), about
                assert re.fullmatch(r"\.cnncalc-[0-9a-f]{12}\.tmp", os.path.basename(place)), about
            else:
                inside = place.startswith(f"{os.path.realpath(folder)}/")
                assert inside or any(place.startswith(f"{each}/") for each in python) or place == "/dev/null", about
        elif name in ("os.listdir", "os.scandir"):
            place = os.path.realpath(folder / about[0])
            assert place == str(folder) or any(f"{place}/".startswith(f"{each}/") for each in python), about
        elif name in ("os.rename", "os.chmod"):
            assert os.path.basename(about[1] if name == "os.rename" else about[0]) in written or name == "os.chmod", about
        elif name == "compile":
            assert not about[0], about
        elif name == "exec":
            known = about[0].startswith(("<frozen", "<string>", "<__", "<factory", "<attrs", *python))
            assert known, about
        else:
            assert not DANGEROUS.match(name), (name, about)


def test_every_command_is_watched() -> None:
    assert set(LINES) == set(commands())


def test_commands_open_only_the_files_of_the_stranger_and_of_the_catalogue(home: Path) -> None:
    lines = [line.format("child.yaml").split() for line in LINES.values() if not line.startswith("new")]
    found = watched(home, [["new", "fresh"], *lines, *([*line, "-o", "out.txt"] for line in lines if takes_a_file(line[0]))])
    checked(found, home, ("out.txt", "fresh.yaml"))
    assert found["codes"].count(2) == 0
    assert {os.path.basename(name) for kind, name, *_ in found["events"] if kind == "open" and str(name).startswith(str(home))} >= {
        "parent.yaml", "claimed.yaml", "written.yaml"
    }  # fmt: skip
    shown = re.sub(rf"Answer: '{SECRET}' could not be parsed.*", "", found["shown"])  # `practice` reads answers from standard input
    assert SECRET not in shown


def test_no_path_leads_out_of_the_folder(home: Path) -> None:
    lines = []
    for i, path in enumerate(ESCAPES):
        way = json.dumps(path.format(base=home.parent))
        (home / f"like{i}.yaml").write_text(f"like: {way}\n", encoding="utf-8")
        (home / f"but{i}.yaml").write_text(f"like: like{i}.yaml\nbut: {{a: {{kernel: 3}}}}\n", encoding="utf-8")
        (home / f"asks{i}.yaml").write_text(f"questions: [{{network: {way}, params: 1}}]\n", encoding="utf-8")
        (home / f"claims{i}.yaml").write_text(f"questions: [{{claim: 'params({json.loads(way)})', is: 1}}]\n", encoding="utf-8")
        (home / f"holds{i}.yaml").write_text(f"questions: [{{network: {{like: {way}}}, params: 1}}]\n", encoding="utf-8")
        lines += [["show", f"like{i}.yaml"], ["validate", f"but{i}.yaml"], ["check", f"asks{i}.yaml"], ["check", f"claims{i}.yaml"]]
        lines += [["check", f"holds{i}.yaml"], ["validate", f"asks{i}.yaml"]]
    lines += [line.format("like0.yaml").split() for line in WITH_NETWORK]
    found = watched(home, lines)
    checked(found, home)
    assert set(found["codes"]) <= {1, 2}
    assert SECRET not in found["shown"]
    assert "root:" not in found["shown"]
    assert found["shown"].count("outside the folder of the file that names it") > len(lines) * 3 / 4


@pytest.mark.parametrize("path", ["./parent.yaml", "parent.yaml", "../home/parent.yaml", "/etc/passwd"])
def test_a_network_that_stands_in_no_file_names_none(path: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cnncalc import SpecError, analyze

    monkeypatch.chdir(home)
    done = run("show", "-", input=f"like: {path}\n")
    assert done.code == 2
    assert "a network without a file can only be like one of the catalogue" in done.err
    with pytest.raises(SpecError, match="a network without a file"):
        analyze({"like": path})
    assert run("show", "-", input="like: lenet5\n").code == 0


def test_what_is_beside_the_caller_is_not_told_to_a_sheet(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "asks.yaml").write_text("questions: [{network: secret, params: 1}]\n", encoding="utf-8")
    monkeypatch.chdir(home.parent)
    done = run("check", "home/asks.yaml")
    assert "no network 'secret' in the catalogue" in done.err
    assert "secret.yaml" not in done.err
    (home / "asks.yaml").write_text("questions: [{network: inner/no/x.yaml, params: 1}]\n", encoding="utf-8")
    (home / "likes.yaml").write_text("like: inner/no/x.yaml\n", encoding="utf-8")
    assert "the folder 'inner/no' does not exist" in run("show", "home/likes.yaml").err


# -o writes what it is told to, and where


def takes_a_file(name: str) -> bool:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    return any(param.name == "file" for param in command.params)


WRITING = [line for name, line in LINES.items() if takes_a_file(name) and name != "new"]
READ = {"check": ("sheet.yaml", "child.yaml", "parent.yaml", "claimed.yaml", "written.yaml")}


@pytest.mark.parametrize("line", WRITING, ids=lambda line: line.partition(" ")[0])
def test_no_command_overwrites_what_it_has_read(line: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    words = line.format("child.yaml").split()
    known = READ.get(words[0], ("child.yaml", "parent.yaml") if "{}" in line else ())
    before = {path.name: path.read_text(encoding="utf-8") for path in home.glob("*.yaml")}
    for name in known:
        (home / "hard.txt").unlink(missing_ok=True)
        (home / "hard.txt").hardlink_to(home / name)
        (home / "soft.txt").unlink(missing_ok=True)
        (home / "soft.txt").symlink_to(name)
        for target in (name, f"./inner/../{name}", "hard.txt", "soft.txt"):
            done = run(*words, "-o", target)
            assert (done.code, done.out) == (2, ""), target
            assert f"{target}: this file was read for the result; it is not overwritten" in done.err
    assert {path.name: path.read_text(encoding="utf-8") for path in home.glob("*.yaml")} == before
    assert run(*words, "-o", "out.txt").code in (0, 1)
    assert (home / "out.txt").stat().st_size
    assert run(*words, "-o", "out.txt").code in (0, 1)  # its own result of before may be
    assert not [*home.glob(".cnncalc*")]


def test_the_catalogue_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(catalogue_index.folder())
    for words in (["show", "lenet5", "-o", "lenet.yaml"], ["list", "-o", "vgg.yaml"], ["compare", "lenet5", "zfnet", "-o", "zfnet.yaml"]):
        done = run(*words)
        assert (done.code, done.out) == (2, "")
        assert "it is not overwritten" in done.err


def test_what_came_from_standard_input_is_not_overwritten(home: Path) -> None:
    with (home / "parent.yaml").open("rb") as stream:
        done = command(["show", "-", "-o", "parent.yaml"], home, stdin=stream)
    assert done.returncode == 2
    assert b"it is not overwritten" in done.stderr
    assert (home / "parent.yaml").read_text(encoding="utf-8") == NETWORK


def command(words: list[str], folder: Path, code: str = "", **more: Any) -> subprocess.CompletedProcess[bytes]:
    """A command of its own, perhaps with something done ahead of it."""
    start = ["-c", f"import os, signal\n{code}\nfrom cnncalc.cli.main import main\nmain()"] if code else ["-m", "cnncalc"]
    more = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    return subprocess.run([sys.executable, *start, *words], cwd=folder, env=CLEAN, check=False, timeout=60, **more)


@pytest.mark.skipif(sys.platform == "win32", reason="signals and limits are others there")
@pytest.mark.parametrize(
    ("happening", "code", "message"),
    [
        ("os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGTERM)", 143, b""),
        ("os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGHUP)", 129, b""),
        ("os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGINT)", 130, b"\n"),
        ("import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (99, 99))", 2, b"Error: out.txt: cannot be written: File too large\n"),
        ("signal.signal(signal.SIGHUP, signal.SIG_IGN); os.fsync = lambda handle: os.kill(os.getpid(), signal.SIGHUP)", 0, b""),
    ],
    ids=["terminated", "hung up", "interrupted", "no room", "hung up under nohup"],
)
def test_nothing_half_written_stays_whatever_happens(happening: str, code: int, message: bytes, home: Path) -> None:
    (home / "out.txt").write_text("before", encoding="utf-8")
    done = command(["show", "parent.yaml", "-o", "out.txt"], home, happening)
    assert (done.returncode, done.stdout, done.stderr) == (code, b"", message)
    assert ((home / "out.txt").read_text(encoding="utf-8") == "before") == (code != 0)
    assert not [*home.glob(".cnncalc*")]


FEWER_RIGHTS = """
import ctypes, os, sys
for right in (1, 2):  # of root, to write and to read everything
    ctypes.CDLL(None).prctl(24, right, 0, 0, 0)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="root gives up its special rights as Linux has it")
def test_what_may_not_be_read_or_written_is_a_message(home: Path) -> None:
    (home / "closed.txt").write_text("before", encoding="utf-8")
    (home / "closed.txt").chmod(0o400)
    (home / "unreadable.yaml").write_text(NETWORK, encoding="utf-8")
    (home / "unreadable.yaml").chmod(0)
    (home / "inner").chmod(0o500)
    lines = [["show", "unreadable.yaml"], *(["show", "parent.yaml", "-o", name] for name in ("closed.txt", "inner/new.txt", "no/new.txt"))]
    done = subprocess.run(
        [sys.executable, "-c", FEWER_RIGHTS, "-c", TOGETHER, json.dumps(lines)],
        cwd=home,
        env=CLEAN,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.count("-> 2\n") == 4, done
    assert done.stderr.splitlines() == [
        "Error: unreadable.yaml: cannot be read: Permission denied",
        "Error: closed.txt: cannot be written: Permission denied",
        "Error: inner/new.txt: cannot be written: Permission denied",
        "Error: no/new.txt: cannot be written: there is no folder 'no'",
    ]
    assert (home / "closed.txt").read_text(encoding="utf-8") == "before"
    (home / "inner").chmod(0o700)


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is a device of Linux")
def test_streams_are_written_to_and_not_replaced(home: Path) -> None:
    line = f"{sys.executable} -m cnncalc show parent.yaml --width 60 --format csv -o"
    script = f"""
        exec 2>&1
        {line} /dev/stdout | head -c 5; echo
        echo before > log; {line} /dev/stdout >> log; head -n 2 log | cut -c 1-6
        {line} /dev/fd/3 3>> log; grep -c layer log
        mkfifo pipe; head -c 5 pipe & {line} pipe; wait; echo
        {line} >(head -c 5); wait $!; echo
        ln -s real soft; {line} soft; head -c 5 soft; test -L soft && echo
        {sys.executable} -m cnncalc new mine -o /dev/stdout | head -c 5; echo
        {line} /dev/null; test -c /dev/null && echo device
        {line} /dev/full; echo $?
        {line} new/; echo $?
        {line} ''; echo $?
        {line} /dev/stdout | true; echo ${{PIPESTATUS[0]}}
    """
    done = subprocess.run(["bash", "-c", script], cwd=home, env=CLEAN, capture_output=True, text=True, check=False, timeout=60)
    lines = done.stdout.splitlines()
    assert lines[:-1] == [
        "layer", "before", "layer,", "2", "layer", "layer", "layer", "# A n", "device",
        "Error: /dev/full: cannot be written: No space left on device", "2", "Error: new/: a folder, not a file", "2",
        "Error: -o: the name of a file is empty", "2",
    ]  # fmt: skip
    assert lines[-1] in ("0", "141")


def test_permissions_are_those_of_the_user_or_of_the_file_that_was_there(home: Path) -> None:
    (home / "old.txt").write_text("before", encoding="utf-8")
    (home / "old.txt").chmod(0o666)
    (home / "own.txt").write_text("before", encoding="utf-8")
    (home / "own.txt").chmod(0o600)
    before = os.umask(0o027)
    try:
        for name in ("new.txt", "old.txt", "own.txt"):
            assert run("show", str(home / "parent.yaml"), "-o", str(home / name)).code == 0
    finally:
        os.umask(before)
    modes = {name: (home / name).stat().st_mode & 0o777 for name in ("new.txt", "old.txt", "own.txt")}
    assert modes == {"new.txt": 0o640, "old.txt": 0o666, "own.txt": 0o600}


def test_a_shell_is_offered_no_command_as_the_name_of_a_layer(home: Path) -> None:
    names = ["plain", "a-b_c.d1", "$(id)", "`id`", "a;b", "a b", "a|b", "a&b", "a>b", "'a", '"a', "a\\b", "a*", "~", "#a", "!a"]
    steps = ", ".join(f"{{relu: , name: {json.dumps(name)}}}" for name in names)
    (home / "names.yaml").write_text(f"input: 8x8x3\nlayers: [{steps}, relu, network]\n".replace(", network", ""), encoding="utf-8")
    offered = [*complete(f"explain {home / 'names.yaml'} ")]
    assert offered[:4] == ["input", "plain", "a-b_c.d1", "relu17"]
    assert all(re.fullmatch(r"[\w./-]+", word) for word in offered)
    for network in ("-", str(home / "none.yaml")):  # standard input would wait for somebody to type
        assert complete(f"explain {network} a") == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"name: {'x' * 2001}\n{NETWORK}", "1:7: a text of 2,001 characters; the limit is 2,000"),
        (f"notes: {'x ' * 1001}\n{NETWORK}", "1:8: a note of 2,001 characters; the limit is 2,000"),
        (f"notes: [{'x, ' * 101}]\n{NETWORK}", "1:8: 101 notes; the limit is 100"),
        (f"questions: [{{ask: {'x' * 2001}, claim: 1, is: 1}}]\n", "1:19: a text of 2,001 characters; the limit is 2,000"),
    ],
    ids=["a title", "a note", "notes", "a question"],
)
def test_words_have_an_end(text: str, message: str, home: Path) -> None:
    (home / "long.yaml").write_text(text, encoding="utf-8")
    done = run("validate", str(home / "long.yaml"))
    assert done.code == 1
    assert f"long.yaml:{message}\n" in done.err


def test_words_of_the_greatest_length_are_shown_at_once(home: Path) -> None:
    notes = "".join(f"  - {letters * (2000 // len(letters))}\n" for letters in ("网", "a\u0301", "x", "👍🏽", "b ", "–") for _ in range(8))
    (home / "long.yaml").write_text(f"name: {'网' * 2000}\npaper: {'é' * 2000}\n{NETWORK}notes:\n{notes}", encoding="utf-8")
    for form in ("table", "markdown", "html", "latex", "svg", "csv"):
        assert run("show", str(home / "long.yaml"), "--format", form, "--width", "30").code == 0
