"""Template and request to diagnostics: the rules, the fixes, the reports."""
