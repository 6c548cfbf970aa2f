"""Mention → who that is: country, sector, identity and office on the article's date."""
