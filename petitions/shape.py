"""What is a value that goes to the record? Frozen, and of exactly these fields."""

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """A frozen value that goes to the record and comes back the same."""

    model_config = ConfigDict(frozen=True, extra="forbid")
