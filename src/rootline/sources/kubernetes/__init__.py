"""A live Kubernetes cluster, read over its API as raw JSON: strict models would fail on what is merely odd."""
