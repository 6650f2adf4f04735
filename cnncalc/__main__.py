"""Entry point of the `cnncalc` script and of `python -m cnncalc`; imports late, so that Ctrl-C is handled from the start."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    try:
        from cnncalc.cli.main import main as run

        run()
    except KeyboardInterrupt:
        raise SystemExit(130) from None  # 128 + SIGINT


if __name__ == "__main__":
    main()
