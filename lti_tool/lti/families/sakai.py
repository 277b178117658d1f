"""Sakai: by the standards; the address that gives tokens holds a number that only Sakai knows."""

from lti_tool.lti.families.family import Family

SAKAI = Family(code="sakai", name="Sakai", product_codes=("sakai",))
