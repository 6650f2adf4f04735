"""What commands show: rows, columns, notes."""
