"""What comes out of this layer, and what does it cost? Shapes and costs of convolutional networks, exactly."""

__version__ = "0.1.0"
