"""The regulation as code: pure Python, no Django."""
