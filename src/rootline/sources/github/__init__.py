"""Commits, deployments and pull requests of repositories on GitHub or a GitHub Enterprise server."""
