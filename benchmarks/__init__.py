"""What buildlint is measured by: `python -m benchmarks` compares it with its peers."""
