"""What tinygrad's test_tiny.py imports and its source archive does not hold."""

import os

CI = os.getenv("CI", "") != ""
