"""TEXT -> NETWORK: what the file says, with the place of every word."""
