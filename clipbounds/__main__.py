"""``python -m clipbounds``."""

from clipbounds.cli import main

main()
