"""The commands of the command line, as `buildlint/cli` has them."""
