"""All the lives, by name."""

from acceptance.lives_handled import HANDLED
from acceptance.lives_received import RECEIVED
from acceptance.lives_reported import REPORTED
from acceptance.lives_reviewed import REVIEWED
from acceptance.lives_surveyed import SURVEYED

LIVES = RECEIVED | HANDLED | REPORTED | REVIEWED | SURVEYED
