"""Parties: countries, actors and places by what their names say."""
