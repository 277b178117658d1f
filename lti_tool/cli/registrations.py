"""The learning platforms that may launch Klimop."""

from typing import Any

import click

from lti_tool import clock
from lti_tool.cli.opening import echo_row, no_institution, open_database
from lti_tool.services.platforms import registering
from lti_tool.services.platforms.registering import RegistrationRow


@click.group()
def registration() -> None:
    """The learning platforms that may launch Klimop."""


@registration.command("add")
@click.option("--institution", required=True, help="Slug of the institution that it belongs to.")
@click.option("--issuer", required=True, help="Platform ID, such as https://lms.example.be")
@click.option("--client-id", required=True)
@click.option("--deployment-id", default="", help="Approved by this; without it the first launch tells it.")
@click.option("--auth-login-url", required=True, help="Authentication request URL.")
@click.option("--token-url", required=True, help="Access token URL.")
@click.option("--jwks-url", required=True, help="Public keyset URL.")
@click.option("--token-audience", help="What the platform wants as aud of a token request, if not its URL.")
@click.option("--family", default="", help="Its kind: moodle, canvas, blackboard, brightspace, sakai.")
def add_registration(**given: Any) -> None:
    """Add an LMS or one more deployment of it, or update the endpoints of one that is there."""
    try:
        new = registering.NewRegistration(**given)
        with open_database().begin() as session:
            registering.register_platform(session, new, clock.now())
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    except registering.NoInstitutionError as error:
        raise no_institution(error) from None
    except registering.RegistrationTakenError:
        raise click.ClickException("this issuer and client id belong to another institution") from None
    click.echo(f"Registered {new.issuer} ({new.client_id}) for {new.institution}.")


@registration.command("list")
def list_registrations() -> None:
    """List institutions, issuers, client ids and deployments, and which of these wait for approval."""
    with open_database().read() as session:
        for row in registering.list_registrations(session):
            echo_row(row.institution, row.issuer, row.client_id, *_deployment(row))


def _deployment(row: RegistrationRow) -> tuple[str, ...]:
    if not row.deployment_id:
        return "", "no deployment yet"
    return (row.deployment_id,) if row.is_approved else (row.deployment_id, "waiting for approval")
