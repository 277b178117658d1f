"""What gunicorn loads to serve the campus."""

from flask import Flask

from lti_tool.demo.campus import create_campus
from lti_tool.demo.place import Place


def application(port: int, campus_port: int) -> Flask:
    return create_campus(Place(port, campus_port).campus)
