"""Runs over many articles that may be killed at any moment and go on where they were.

`sources` tells which articles there are, `listing` enters them in the ledger of the run (`work`),
`running` has them read by processes of its own (`workers`).
"""
