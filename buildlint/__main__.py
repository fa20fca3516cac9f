"""`python -m buildlint`."""

from buildlint.cli import main

if __name__ == "__main__":
    main()
