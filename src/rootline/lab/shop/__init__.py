"""A small shop: nine services that call one another over HTTP."""
