"""How the service bears load: one run on one machine, a fake model server and callers around it.

The service is the real one in a process of its own, as `extractor serve` starts it. The fake model
server is another process and the callers are a third; all talk over the loopback.
"""
