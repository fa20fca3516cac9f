"""The edge: finding, reading and writing files, a run over them, and their configuration."""
