"""The runs of a module."""

from datetime import datetime

import click

from lti_tool.cli.opening import echo_row, no_institution, open_database
from lti_tool.services.cohorts import running
from lti_tool.services.platforms import registering


@click.group()
def cohort() -> None:
    """The runs of a module."""


@cohort.command("start")
@click.argument("slug")
@click.option("--name", required=True, help="What its teachers call it.")
@click.option("--module", required=True, help="Id of the module.")
@click.option("--version", show_default="the one published last", help="Which of its versions.")
@click.option("--starts-on", required=True, type=click.DateTime(["%Y-%m-%d"]), help="A Monday.")
@click.option("--institution", "institutions", required=True, multiple=True, help="Slug; once for each.")
def start_cohort(
    slug: str, name: str, module: str, version: str | None, starts_on: datetime, institutions: tuple[str, ...]
) -> None:
    """Start a cohort, which links in LMSs then name in their custom parameter cohort=SLUG."""
    try:
        with open_database().begin() as session:
            running.start_cohort(
                session,
                slug=slug,
                name=name,
                module_version_id=running.find_version(session, module, version),
                starts_on=starts_on.date(),
                institutions=institutions,
            )
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    except running.NoModuleError as error:
        raise _no_module(error, module, version) from None
    except running.CohortTakenError as error:
        raise click.ClickException(f"there is a cohort {error.slug} already") from None
    except registering.NoInstitutionError as error:
        raise no_institution(error) from None
    click.echo(f"Cohort {slug} starts on {starts_on:%Y-%m-%d}.")


@cohort.command("list")
def list_cohorts() -> None:
    """List slugs, names, module versions, first days and institutions."""
    with open_database().read() as session:
        for row in running.list_cohorts(session):
            module = f"{row.module} {row.version}"
            echo_row(row.slug, row.name, module, row.starts_on.isoformat(), " ".join(row.institutions))


def _no_module(error: running.NoModuleError, module: str, version: str | None) -> click.ClickException:
    asked = f"version {version!r} of module {module!r}" if version else f"module {module!r}"
    published = ", ".join(map(" ".join, error.published)) or "nothing"
    return click.ClickException(f"there is no {asked}; published: {published}")
