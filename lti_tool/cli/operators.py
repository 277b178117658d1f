"""Those who look after this Klimop from inside their LMS."""

import click

from lti_tool import clock
from lti_tool.cli.opening import echo_row, open_database
from lti_tool.services.platforms import operating


@click.group()
def admin() -> None:
    """Those who look after this Klimop from inside their LMS."""


@admin.command()
@click.argument("person", type=int)
def grant(person: int) -> None:
    """Give PERSON, who is an administrator of her LMS, the pages of operators.

    Her own page in Klimop tells the number to give here.
    """
    try:
        with open_database().begin() as session:
            row = operating.grant(session, person, clock.now())
    except operating.NoPersonError:
        raise click.ClickException(
            f"there is no person {person}; she opens Klimop from her LMS first, which tells her number"
        ) from None
    click.echo(f"{row.name or 'Somebody without a name'} ({row.institution}, {row.issuer}) is an operator.")


@admin.command()
@click.argument("person", type=int)
def revoke(person: int) -> None:
    """Take the pages of operators from PERSON."""
    try:
        with open_database().begin() as session:
            operating.revoke(session, person)
    except operating.NotAnOperatorError:
        raise click.ClickException(f"person {person} is no operator") from None
    click.echo(f"Person {person} is no operator any more.")


@admin.command("list")
def list_operators() -> None:
    """List numbers, names, institutions, issuers and the days on which they became an operator."""
    with open_database().read() as session:
        for row in operating.list_operators(session):
            echo_row(row.person_id, row.name, row.institution, row.issuer, f"{row.granted_at:%Y-%m-%d}")
