"""The MCP door: tools, resources, prompts and completions over the same desk."""
