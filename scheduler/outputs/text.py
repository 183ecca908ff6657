"""Everything that is printed as plain text, in one place to import from."""

from scheduler.outputs.grid import grid
from scheduler.outputs.plan_table import plan_table
from scheduler.outputs.protocol_table import protocol_table
from scheduler.outputs.protocol_text import assumptions_text, protocol_sheet
from scheduler.outputs.why import why_text

__all__ = ["assumptions_text", "grid", "plan_table", "protocol_sheet", "protocol_table", "why_text"]
