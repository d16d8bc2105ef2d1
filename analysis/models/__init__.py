"""Regressions for comparison groups and panels: few clusters, people seen again, differences in differences."""
