"""From text to a network, with the place of every word."""
