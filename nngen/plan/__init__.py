"""Every name, shape and order that a page needs."""

from nngen.plan.blocks import Block
from nngen.plan.layer import Layer
from nngen.plan.layer_planner import Chain
from nngen.plan.learning import Loss
from nngen.plan.network import Plan
from nngen.plan.planner import plan
from nngen.plan.room import Room, room

__all__ = ["Block", "Chain", "Layer", "Loss", "Plan", "Room", "plan", "room"]
