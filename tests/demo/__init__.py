"""The demo: what it loads is walked by the rules."""
