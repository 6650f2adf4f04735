from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from cnncalc import SpecError
from cnncalc.output.forms.files import write

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    write(str(path), "a × b\n")
    assert path.read_bytes() == "a × b\n".encode()
    write(str(path), b"\x89PNG")
    assert path.read_bytes() == b"\x89PNG"
    assert os.listdir(tmp_path) == ["out.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="no such modes there")
def test_the_mode_of_a_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old")
    path.chmod(0o640)
    write(str(path), "new")
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="links need special rights there")
def test_behind_a_link_the_file_itself_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("real.txt")
    write(str(tmp_path / "link.txt"), "new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


@pytest.mark.skipif(sys.platform == "win32", reason="links need special rights there")
def test_the_file_that_was_read_is_not_overwritten(tmp_path: Path) -> None:
    spec = tmp_path / "net.yaml"
    spec.write_text("spec")
    (tmp_path / "other.yaml").symlink_to("net.yaml")
    for name in ("net.yaml", "other.yaml", "../" + tmp_path.name + "/net.yaml"):
        with pytest.raises(SpecError, match="not overwritten"):
            write(str(tmp_path / name), "result", [(spec.stat().st_dev, spec.stat().st_ino)])
    assert spec.read_text() == "spec"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="a folder, not a file"):
        write(str(tmp_path), "x")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="cannot be written: there is no folder"):
        write(str(tmp_path / "no" / "out.txt"), "x")


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is a device of Linux")
def test_devices_are_written_to_and_not_replaced() -> None:
    write("/dev/null", "x")
    assert not os.path.isfile("/dev/null")
    with pytest.raises(SpecError, match="No space left"):
        write("/dev/full", "x")


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_nothing_half_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException) -> None:
    path = tmp_path / "out.txt"
    path.write_text("old")

    def fail(*_: Any) -> None:
        raise failure

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises((SpecError, KeyboardInterrupt)):
        write(str(path), "new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["out.txt"]
