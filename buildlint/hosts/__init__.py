"""Templates inside other files: what is checked is found in them, and told at its place there."""
