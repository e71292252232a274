"""python3 tools/lint: see lint.py."""

import sys

from lint import main

sys.exit(main())
