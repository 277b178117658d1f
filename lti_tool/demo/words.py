"""The campus's own sentences: written in Dutch, with their English beside them."""

from typing import Literal

from flask import request

from lti_tool.demo.people import Kind

Language = Literal["nl", "en"]
COOKIE = "language"


def language() -> Language:
    """Return what this visitor reads: her choice now, her choice before, else Dutch."""
    asked = request.args.get("lang") or request.cookies.get(COOKIE)
    return "en" if asked == "en" else "nl"


def say(sentence: str, **values: object) -> str:
    """Return a Dutch sentence in the visitor's language, with its {values} filled in."""
    return (ENGLISH[sentence] if language() == "en" else sentence).format(**values)


def kind_name(kind: Kind) -> str:
    """Return what someone is, in the visitor's language."""
    return say(KINDS[kind])


KINDS = {
    Kind.ADMINISTRATOR: "beheerder",
    Kind.TEACHER: "docent",
    Kind.MANAGER: "manager die studeert",
    Kind.LEARNER: "student",
}

ENGLISH = {
    "Aanmelden": "Log in",
    "Aanmelden bij {name}": "Log in to {name}",
    "Afmelden": "Log out",
    "Alle accounts van {name}": "All accounts of {name}",
    "Andere account": "Another account",
    "Beheer": "Administration",
    "Dat kan hier niet": "That cannot be done here",
    "De diensten liggen stil.": "The services are down.",
    "De diensten werken.": "The services are up.",
    "De vraag klopt niet.": "The request is not right.",
    "Deelnemers": "Participants",
    "Demo-campus": "Demo campus",
    "Deze campus speelt de leerplatformen van zes instellingen na. Alles wat je hier ziet, is verzonnen.": (
        "This campus plays the learning platforms of six institutions. All you see here is invented."
    ),
    "Deze pagina bestaat niet.": "This page does not exist.",
    "Deze pagina is niet voor deze account. Kies een andere account.": (
        "This page is not for this account. Choose another account."
    ),
    "E-mail": "E-mail",
    "Het adres van je werkagenda": "The address of your work agenda",
    "Kies een account. Dit is een demo: er zijn geen wachtwoorden.": (
        "Choose an account. This is a demo: there are no passwords."
    ),
    "Kies een leerplatform": "Choose a learning platform",
    "Kies hieronder wie je bent: één klik, geen wachtwoord. Open dan een cursus en daarin Klimop.": (
        "Choose below who you are: one click, no password. Then open a course, and Klimop in it."
    ),
    "Klimop kan nu geen punten sturen of deelnemers opvragen. Punten wachten tot het platform terug is.": (
        "Klimop cannot send marks or ask for participants now. Marks wait until the platform is back."
    ),
    "Leg de diensten stil": "Put the services down",
    "Leg de diensten van dit platform stil, of zie hoe Klimop is geregistreerd.": (
        "Put the services of this platform down, or see how Klimop is registered."
    ),
    "Leg ze stil om te zien hoe Klimop wacht met punten sturen.": (
        "Put them down to see how Klimop waits to send marks."
    ),
    "Mijn cursussen": "My courses",
    "Mijn punten": "My marks",
    "Naam": "Name",
    "Naar de demo-campus": "To the demo campus",
    "Naar de inhoud": "Skip to content",
    "Nog geen punten": "No mark yet",
    "Onderhoud": "Maintenance",
    "Op {maximum} punten": "Marked out of {maximum}",
    "Open in een nieuw venster": "Open in a new window",
    "Opmerking": "Comment",
    "Punten": "Mark",
    "Puntenboek": "Gradebook",
    "Registratie van Klimop": "Registration of Klimop",
    "Rol": "Role",
    "Tijdstip": "Time",
    "Verder naar Klimop": "Go on to Klimop",
    "Waar je bent": "Where you are",
    "Wat je in Klimop doet, zie je terug in het puntenboek van het platform.": (
        "What you do in Klimop shows in the platform's gradebook."
    ),
    "Werkgever": "Employer",
    "Zes leerplatformen om Klimop uit te proberen": "Six learning platforms to try Klimop from",
    "Zet de diensten weer aan": "Bring the services back",
    "Zo zou je agendaprogramma het je geven. Plak dit adres in Klimop, bij je live sessies.": (
        "As your calendar program would give it. Paste this address in Klimop, at your live sessions."
    ),
    "beheerder": "administrator",
    "docent": "teacher",
    "manager die studeert": "manager who studies",
    "student": "student",
}
