"""The suites of labelled incidents, one a file; data sets have names here and in the importers alone."""
