"""Where the time goes, as ratios of one run: python -m tests.bench (asserts nothing; peers are measured where they are installed)."""

from __future__ import annotations

import gc
import os
import platform
import subprocess
import sys
import tempfile
import time
import tracemalloc
from importlib.util import find_spec
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import cnncalc
from cnncalc import analysis
from cnncalc.graph.build import build
from cnncalc.output.forms import tables
from cnncalc.output.sheets import overview
from cnncalc.propagate.walk import propagate
from cnncalc.spec import parser, reader
from cnncalc.spec.settings import Setting
from tests.bench.peers import PEERS

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 9
PEER_ROUNDS = 3
PYTHON = sys.executable
CNNCALC = os.path.join(os.path.dirname(PYTHON), "cnncalc")
PASS = [PYTHON, "-c", "pass"]
SHOW = "cnncalc show resnet152, colour"
WIDTHS = {10_000: "width=0.35:1.34:0.01", 100_000: "width=0.35:1.349:0.001"}  # by the settings they give with 100 resolutions


class Taken(NamedTuple):
    """What a process took."""

    seconds: float  # of the processor
    peak: int  # kilobytes of memory


def run(command: list[str], **environment: str) -> Taken:
    """A whole process."""
    # Bytecode is compiled once and found again, as in an installed wheel, whatever the caller's settings are.
    settings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    settings["PYTHONPYCACHEPREFIX"] = os.path.join(tempfile.gettempdir(), "cnncalc-bench")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**settings, **environment})
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Taken(usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


def processes() -> None:
    """Whole processes against an empty one, pair by pair."""
    commands: dict[str, tuple[list[str], dict[str, str]]] = {
        "import click": ([PYTHON, "-c", "import click"], {}),
        "import click, yaml": ([PYTHON, "-c", "import click, yaml"], {}),
        "cnncalc --help": ([CNNCALC, "--help"], {}),
        "cnncalc show resnet152 --format json": ([CNNCALC, "show", "resnet152", "--format", "json"], {}),
        SHOW: ([CNNCALC, "show", "resnet152"], {"FORCE_COLOR": "1"}),
        "cnncalc list": ([CNNCALC, "list"], {}),
        "cnncalc formula resnet50 --input HxWx3": ([CNNCALC, "formula", "resnet50", "--input", "HxWx3"], {}),
    }
    print("whole processes, processor time as a multiple of python -c pass")
    for name, (command, environment) in commands.items():
        run(command, **environment)
        ratios = [run(command, **environment).seconds / run(PASS).seconds for _ in range(ROUNDS)]
        print(f"  {name:45} {median(ratios):7.1f}")
    print(f"other tools on ResNet-152, as a multiple of {SHOW}: processor time, peak memory")
    command, environment = commands[SHOW]
    for peer, modules in PEERS.items():
        if all(find_spec(module) for module in modules):
            asked = [PYTHON, "-m", "tests.bench.peers", peer]
            run(asked)
            pairs = [(run(asked), run(command, **environment)) for _ in range(PEER_ROUNDS)]
            seconds, peak = (median(theirs[i] / ours[i] for theirs, ours in pairs) for i in (0, 1))
            print(f"  {peer:45} {seconds:7.1f} {peak:7.1f}")
        else:
            print(f"  {peer:45} not installed")


def clock(function: Callable[[], object], rounds: int = 5) -> float:
    """The quickest of some rounds, in seconds of processor time."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        function()
        best = min(best, time.process_time() - start)
    return best


def chain(layers: int) -> str:
    """A file of so many layers in flow style."""
    return "input: 64x64x64\nlayers:\n" + "".join(f"- {{conv: 64, kernel: 3, pad: 1, name: c{i}}}\n" for i in range(layers))


def whole(text: str) -> object:
    """From a file's text to its report."""
    setting = Setting(parser.parse(*reader.read(text, "chain.yaml"), "chain"))
    return propagate(setting, build(setting))


def events(text: str) -> None:
    """What the YAML parser alone needs."""
    import yaml

    get = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text).get_event
    while get() is not None:
        pass


def long_files() -> None:
    """Files of many layers against the parser's own events, and their growth."""
    print("long files in flow style")
    gc.collect()
    taken = {}
    for layers in (10_000, 100_000):
        text = chain(layers)
        base = clock(lambda text=text: events(text), 3)  # type: ignore[misc]  # a default, not a parameter
        taken[layers] = clock(lambda text=text: whole(text), 3)  # type: ignore[misc]  # the same
        print(f"  {layers:>7,} layers: {taken[layers] / layers * 1e6:5.1f} µs each, {taken[layers] / base:4.2f} times the parser's events")
    print(f"  ten times the layers take {taken[100_000] / taken[10_000]:4.1f} times as long")
    tracemalloc.start()
    kept = whole(chain(10_000))
    size, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"  memory: {size / 10_000:.0f} bytes a layer kept, {peak / 10_000:.0f} at the peak")
    del kept


def networks() -> None:
    """Single networks in process."""
    print("in process, per node")
    for name in ("resnet18", "resnet152", "resnet1202_cifar", "nasnet_a_large"):
        setting = analysis.locate(name)
        nodes = len(build(setting).nodes)
        taken = clock(lambda setting=setting: propagate(setting, build(setting)))  # type: ignore[misc]  # a default, not a parameter
        print(f"  {name:20} {nodes:>6,} nodes {taken / nodes * 1e6:6.1f} µs")
    numeric = clock(lambda: cnncalc.analyze("vgg16"))
    symbolic = clock(lambda: cnncalc.analyze("vgg16", input="HxWx3"))
    print(f"  vgg16 with H, W symbolic: {symbolic / numeric:4.2f} times the numbers")
    resnet = clock(lambda: cnncalc.analyze("resnet50", input="HxWx3", set={"width": "w"}, batch="N"))
    print(f"  resnet50 with N, H, W and a width symbolic: {resnet * 1e3:4.1f} ms")


def grids() -> None:
    """Grids of settings as whole processes, and in process."""
    print("grids of mobilenet_v2, as a multiple of cnncalc show mobilenet_v2")
    show = [CNNCALC, "show", "mobilenet_v2"]
    for settings, widths in WIDTHS.items():
        sweep = [CNNCALC, "sweep", "mobilenet_v2", "--vary", widths, "--vary", "resolution=128:1118:10", "--format", "csv"]
        run(sweep)
        ratios = [run(sweep).seconds / run(show).seconds for _ in range(PEER_ROUNDS)]
        print(f"  {settings:>7,} settings as CSV {median(ratios):7.1f}")
    vary = {"width": range(1, 1001), "resolution": range(128, 1128, 10)}
    taken = clock(lambda: cnncalc.space("resnet50", vary, metrics=("params", "macs", "values")), 3)
    print(f"  space of resnet50: {100_000 / taken:,.0f} settings a second")


def printing() -> None:
    """Tables by the row."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", delete=False) as file:
        file.write(chain(5_000))
    report = cnncalc.analyze(file.name)
    os.unlink(file.name)
    arrangement = overview.Arrangement(None, 0, None, None)
    page = tables.Page(160, colour=True)
    taken = clock(lambda: tables.render(overview.overview(report, arrangement), page), 3)
    print(f"a table of 5,000 rows: {taken / 5_000 * 1e6:.1f} µs a row")


if __name__ == "__main__":
    print(f"cnncalc {cnncalc.__version__}, Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores")
    processes()
    long_files()
    networks()
    grids()
    printing()
