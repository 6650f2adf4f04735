"""What a command shows: rows, columns, notes."""
