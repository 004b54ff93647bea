"""The pages of leaders' reception."""
