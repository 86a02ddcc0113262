"""The words we send to models: Markdown with named holes."""
