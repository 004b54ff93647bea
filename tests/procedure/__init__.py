"""The procedure as a machine: clocks, states, what happens in any order."""
