"""Several networks or settings: compared, swept, fitted."""
