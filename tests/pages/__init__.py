"""Pages of our own: sixty articles in thirty layouts, and what reading them must keep and leave.

Half of them were looked at while the rules were made (`tuned`), the others were not (`kept`):
articles, layouts and the words of the furniture of the two halves differ.
`python -m tests.pages` measures them.
"""
