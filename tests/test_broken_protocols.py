"""Broken protocol files: one fault each, named after it, and beside it what `c1d1 protocol check` says.

The `sound-*.yaml` files have no fault; every other one differs from one of them in a few lines. Files that
cannot lie in a folder (too big, too deep, not text) are made by `broken_files.py`; their message lies here too.
To write the messages and the table of codes anew, and then to read them in the diff:

    C1D1_NEW_GOLDENS=1 pytest tests/test_broken_protocols.py
"""

from __future__ import annotations

import ast
import difflib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from scheduler.cli import main
from scheduler.problems import Problem, report
from scheduler.protocol import library
from tests.broken_files import MADE
