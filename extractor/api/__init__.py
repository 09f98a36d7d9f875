"""The HTTP service; `extractor.api.app.create_app` builds it."""
