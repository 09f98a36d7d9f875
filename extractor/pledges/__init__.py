"""The ledger of pledges: what many articles tell, as one row a pledge or act."""
