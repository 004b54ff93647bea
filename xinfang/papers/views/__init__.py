"""Pages of papers: one paper, its files, papers of many cases, the department's wordings."""
