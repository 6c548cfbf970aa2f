"""What `lapwing evaluate` measures: one module per kind of gold data."""
