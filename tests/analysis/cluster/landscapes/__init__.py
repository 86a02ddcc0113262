"""Clusters of made-up applications, printed as recorded calls of a kubectl-like tool."""
