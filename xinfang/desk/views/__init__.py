"""The staff's pages, thin: a query, a step, a template."""
