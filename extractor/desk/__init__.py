"""The desk: reading a record in its article and correcting it, in a browser.

Pages of the service itself, made by the server: they work without a script, and htmx swaps parts of
them where there is one. What a person decides is a row of `reviews` in the store, and never changes
what a model said. A changed value is built and proved by the same checks as a model's.
"""

from __future__ import annotations
