"""Public facts of an activation layer with new gates, which both forms need. [DS-FSS-10]"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ..domain import Positions


@dataclass(frozen=True)
class Layer:
    """Positions in the layer's tensor, and who serves whom.

    `selection` names for each gated element a gate: those of earlier groups come first, `earlier` in number, then the
    layer's own.
    """

    prototypes: Positions
    gated: Positions
    earlier: int
    selection: Positions

    @cached_property
    def cover(self) -> list[int]:
        """Elements that are opened or served, each once, in the order of the layer."""
        return sorted({*self.prototypes, *self.gated})

    @cached_property
    def _place(self) -> dict[int, int]:
        return {position: place for place, position in enumerate(self.cover)}

    @cached_property
    def prototypes_in_cover(self) -> list[int]:
        return [self._place[position] for position in self.prototypes]

    @cached_property
    def gated_in_cover(self) -> list[int]:
        return [self._place[position] for position in self.gated]

    @cached_property
    def own(self) -> list[int]:
        """Places, among the gated elements, of those that new gates serve."""
        return [place for place, gate in enumerate(self.selection) if gate >= self.earlier]

    @cached_property
    def others(self) -> list[int]:
        """Places of those that earlier gates serve."""
        return [place for place, gate in enumerate(self.selection) if gate < self.earlier]

    @cached_property
    def own_gates(self) -> list[int]:
        """The new gate of each element of `own`."""
        return [self.selection[place] - self.earlier for place in self.own]

    @cached_property
    def other_gates(self) -> list[int]:
        return [self.selection[place] for place in self.others]

    @cached_property
    def order(self) -> list[int]:
        """Where each gated element stands in (own, then others)."""
        back = [0] * len(self.selection)
        for place, gated in enumerate([*self.own, *self.others]):
            back[gated] = place
        return back
