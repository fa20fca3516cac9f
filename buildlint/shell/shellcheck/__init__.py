"""ShellCheck's findings in the shell text of RUN: what it is shown, run, and what is made of it."""
