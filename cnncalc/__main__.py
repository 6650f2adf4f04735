"""The entry point of the `cnncalc` script and of python -m cnncalc; it loads next to nothing, so that Ctrl-C is answered from the start."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    try:
        from cnncalc.cli.main import main as run

        run()
    except KeyboardInterrupt:
        raise SystemExit(130) from None  # as shells number the signal


if __name__ == "__main__":
    main()
