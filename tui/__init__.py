"""What a nurse sees on the screen; knows no rule of dosing."""
