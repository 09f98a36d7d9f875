"""Batches of requests that a provider answers within a day, at half the price.

An article takes the same path as ever. Whatever it asks is looked up among the requests that were
sent before; what was not sent goes into the next batch, and once all is answered the article is
done. So nothing but the store tells where a run stands, and it may be killed at any moment.
"""
