"""An institution or two with a registration, without a platform."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from lti_tool.services.platforms.registering import NewRegistration, add_institution, register_platform

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)


def add_platform(db: Session, slug: str = "ucll", *, deployment_id: str = "1", **change: str) -> int:
    """Add an institution with a registration of its own; return the registration's id."""
    add_institution(db, slug=slug, name=slug.upper(), locale="nl")
    return register_platform(db, new_registration(slug, deployment_id=deployment_id, **change), NOW)


def new_registration(slug: str = "ucll", **change: str) -> NewRegistration:
    given = {
        "institution": slug,
        "issuer": f"https://{slug}.example",
        "client_id": "klimop",
        "auth_login_url": "https://lms.example/auth",
        "token_url": "https://lms.example/token",
        "jwks_url": "https://lms.example/jwks",
    }
    return NewRegistration(**given | change)  # type: ignore[arg-type] # scopes are not among the changes
