"""A made-up office for the demo and the tests."""
