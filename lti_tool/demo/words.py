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
    Kind.ASSISTANT: "assistent",
    Kind.OBSERVER: "waarnemer",
    Kind.MANAGER: "manager die studeert",
    Kind.LEARNER: "student",
}

# What a course says after something was done in it.
NOTICES = {
    "copied": "De cursus is gekopieerd. Je bent nu in de kopie.",
    "copied-untold": "De cursus is gekopieerd, maar Klimop kon het bericht daarover niet ontvangen.",
    "enrolled": "De deelnemers van het origineel zijn ingeschreven.",
    "removed": "De koppeling is verwijderd.",
}

ENGLISH = {
    "Aanmelden": "Log in",
    "Aanmelden bij {name}": "Log in to {name}",
    "Afmelden": "Log out",
    "Alle accounts van {name}": "All accounts of {name}",
    "Andere account": "Another account",
    "Beheer": "Administration",
    "Beheerder van Klimop zelf: meld je bij UCLL aan als Sabine Vrancken en open een koppeling.": (
        "Operator of Klimop itself: log in to UCLL as Sabine Vrancken and open a link."
    ),
    "Beheerder: voeg Klimop toe met een registratie-adres, in “Beheer”.": (
        "Administrator: add Klimop with a registration address, under “Administration”."
    ),
    "Bewaren": "Save",
    "Dat kan hier niet": "That cannot be done here",
    "De cursus is gekopieerd, maar Klimop kon het bericht daarover niet ontvangen.": (
        "The course was copied, but Klimop could not take the notice of it."
    ),
    "De cursus is gekopieerd. Je bent nu in de kopie.": "The course was copied. You are in the copy now.",
    "De cursus kopiëren": "Copy the course",
    "De deelnemers van het origineel zijn ingeschreven.": "The participants of the original were enrolled.",
    "De diensten liggen stil.": "The services are down.",
    "De diensten werken.": "The services are up.",
    "De koppeling is verwijderd.": "The link was removed.",
    "De punten van deze koppeling gaan ook weg.": "The marks of this link go too.",
    "De tool is toegevoegd. Wat je vanaf nu in een cursus plaatst, opent met deze registratie.": (
        "The tool was added. What you place in a course from now on opens with this registration."
    ),
    "De vraag klopt niet.": "The request is not right.",
    "Deelnemers": "Participants",
    "Demo-campus": "Demo campus",
    "Deze campus speelt de leerplatformen van zes instellingen na. Alles wat je hier ziet, is verzonnen.": (
        "This campus plays the learning platforms of six institutions. All you see here is invented."
    ),
    "Deze cursus is een kopie. Schrijf de deelnemers van het origineel met één klik in.": (
        "This course is a copy. Enrol the participants of the original with one click."
    ),
    "Deze pagina bestaat niet.": "This page does not exist.",
    "Deze pagina is niet voor deze account. Kies een andere account.": (
        "This page is not for this account. Choose another account."
    ),
    "Dit adres is niet van Klimop. Plak het hele adres, zoals je het kreeg.": (
        "This address is not one of Klimop’s. Paste the whole address, as you got it."
    ),
    "Dit puntenboek heeft nog geen kolommen.": "This gradebook has no columns yet.",
    "Docent: kopieer een cursus en open daarin een koppeling, om te zien hoe Klimop ze herkent.": (
        "Teacher: copy a course and open a link in the copy, to see how Klimop knows it again."
    ),
    "Docent: open een cursus en kies “Inhoud toevoegen” om een koppeling naar Klimop te plaatsen.": (
        "Teacher: open a course and choose “Add content” to place a link to Klimop."
    ),
    "E-mail": "E-mail",
    "Een kopie krijgt dezelfde koppelingen en docenten, maar nog geen deelnemers.": (
        "A copy gets the same links and teachers, but no participants yet."
    ),
    "Een tool toevoegen": "Add a tool",
    "Geplaatst: {number}": "Placed: {number}",
    "Het adres van je werkagenda": "The address of your work agenda",
    "Het platform tekent met de laatste sleutel. Alle sleutels blijven gepubliceerd.": (
        "The platform signs with the last key. All keys stay published."
    ),
    "Het platform tekent nu met een nieuwe sleutel. De oude blijft gepubliceerd.": (
        "The platform signs with a new key now. The old one stays published."
    ),
    "In deze cursus staat nog niets.": "There is nothing in this course yet.",
    "Ingevuld door de docent": "Filled in by the teacher",
    "Inhoud toevoegen": "Add content",
    "Ja, verwijder de koppeling": "Yes, remove the link",
    "Kies een account. Dit is een demo: er zijn geen wachtwoorden.": (
        "Choose an account. This is a demo: there are no passwords."
    ),
    "Kies een leerplatform": "Choose a learning platform",
    "Kies hieronder wie je bent: één klik, geen wachtwoord. Open dan een cursus en daarin Klimop.": (
        "Choose below who you are: one click, no password. Then open a course, and Klimop in it."
    ),
    "Klaar? Terug naar het beheer": "Ready? Back to the administration",
    "Klimop geeft je dit adres als je een instelling uitnodigt. Het begint met {origin}.": (
        "Klimop gives you this address when you invite an institution. It begins with {origin}."
    ),
    "Klimop kan nu geen punten sturen of deelnemers opvragen. Punten wachten tot het platform terug is.": (
        "Klimop cannot send marks or ask for participants now. Marks wait until the platform is back."
    ),
    "Kopie van {title}": "Copy of {title}",
    "Kopieer de cursus": "Copy the course",
    "Leg de diensten stil": "Put the services down",
    "Leg ze stil om te zien hoe Klimop wacht met punten sturen.": (
        "Put them down to see how Klimop waits to send marks."
    ),
    "Mijn cursussen": "My courses",
    "Mijn punten": "My marks",
    "Naam": "Name",
    "Naar de demo-campus": "To the demo campus",
    "Naar de inhoud": "Skip to content",
    "Nieuwe sleutel maken": "Make a new key",
    "Nog geen punten": "No mark yet",
    "Onderhoud": "Maintenance",
    "Op {maximum} punten": "Marked out of {maximum}",
    "Open in een nieuw venster": "Open in a new window",
    "Open op de hele pagina": "Open on the whole page",
    "Openen": "Open",
    "Opmerking": "Comment",
    "Punten": "Mark",
    "Punten voor {name}": "Mark for {name}",
    "Puntenboek": "Gradebook",
    "Registratie van Klimop": "Registration of Klimop",
    "Registratie-adres van de tool": "The tool’s registration address",
    "Rol": "Role",
    "Schrijf de deelnemers in": "Enrol the participants",
    "Sleutels van het platform": "The platform’s keys",
    "Terug naar de cursus": "Back to the course",
    "Tijdstip": "Time",
    "Uitgeschreven": "Removed",
    "Uitschrijven": "Remove",
    "Verder naar Klimop": "Go on to Klimop",
    "Verwijderen": "Remove",
    "Voeg Klimop toe met één adres, maak een nieuwe sleutel, of leg de diensten stil.": (
        "Add Klimop with one address, make a new key, or put the services down."
    ),
    "Voor de beheerder": "For the administrator",
    "Waar je bent": "Where you are",
    "Wat je als docent of beheerder kunt proberen": "What to try as a teacher or an administrator",
    "Wat je in Klimop doet, zie je terug in het puntenboek van het platform.": (
        "What you do in Klimop shows in the platform's gradebook."
    ),
    "Weer inschrijven": "Enrol again",
    "Werkgever": "Employer",
    "Wijzigen": "Change",
    "Zelf invullen": "Fill in yourself",
    "Zes leerplatformen om Klimop uit te proberen": "Six learning platforms to try Klimop from",
    "Zet de diensten weer aan": "Bring the services back",
    "Zo zou je agendaprogramma het je geven. Plak dit adres in Klimop, bij je live sessies.": (
        "As your calendar program would give it. Paste this address in Klimop, at your live sessions."
    ),
    "assistent": "assistant",
    "beheerder": "administrator",
    "docent": "teacher",
    "manager die studeert": "manager who studies",
    "student": "student",
    "waarnemer": "observer",
}
