"""Policies: a team's own rules in Rego, the language of Open Policy Agent, as conftest runs them."""
