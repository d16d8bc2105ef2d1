"""The statistics: a plan and a data frame in, frozen results out. Imports nothing else of this project."""
