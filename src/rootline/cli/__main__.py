"""Runs the command line as a module."""

import sys

from rootline.cli import main

sys.exit(main())
