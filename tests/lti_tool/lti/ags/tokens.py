from tests.lti_tool.lti.server import LocalServer
from tests.lti_tool.lti.world import query_of


def scopes_asked(server: LocalServer) -> list[str]:
    """Return the last part of each scope that a token was asked for, in order."""
    return [query_of(f"?{asked.body}")["scope"].rpartition("/")[2] for asked in server.requests_to("/token")]
