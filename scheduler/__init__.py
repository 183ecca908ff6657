"""c1d1: from a treatment protocol and a patient's record to dated doses, each with its reasons."""

__version__ = "0.1.0"
