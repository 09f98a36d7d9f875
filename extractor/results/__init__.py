"""Results: what the service has read is kept, and answered from again."""
