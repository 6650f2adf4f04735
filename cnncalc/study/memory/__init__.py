"""Memory at inference and in training."""
