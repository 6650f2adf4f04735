"""Entry point of the `cnncalc` script and of `python -m cnncalc`; imports late, so that Ctrl-C is handled from the start."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    import gc

    gc.set_threshold(100_000)  # what a command makes lives until its end, so there is little to collect
    try:
        from cnncalc.cli.main import main as run

        run()
    except KeyboardInterrupt:
        raise SystemExit(130) from None  # 128 + SIGINT
    finally:
        gc.freeze()  # else the interpreter collects at its end what the system takes back anyway


if __name__ == "__main__":
    main()
