"""What holds the quality where it is: the gate, and comparisons of speed and of versions."""
