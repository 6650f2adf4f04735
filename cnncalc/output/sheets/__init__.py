"""The tables of all commands: rows, columns, notes."""
