"""Runs the service."""

from .app import service

service.run()
