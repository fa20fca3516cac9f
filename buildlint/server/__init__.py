"""The language server: buildlint in an editor.

`documents` holds what is open, `checking` lints a template with its request, and one small module
answers each question of an editor. `app` is their face to it: only it sends and receives.
"""
