"""Who and what can be chosen in a form: people who fit the field, units that can handle, the content categories."""

from collections.abc import Sequence
from dataclasses import dataclass

from xinfang.cases.step_forms import declarations
from xinfang.categories.models import Category
from xinfang.procedure.conditions import units_that_are_accused, units_with_a_head
from xinfang.procedure.facts import Directory, Facts, StaffFacts
from xinfang.procedure.step_schema import FieldSpec

Choice = tuple[str, str]
ChoiceGroup = tuple[str, list[Choice]]


@dataclass(frozen=True)
class CaseChoices:
    """The choices of one case (or, with empty facts, of a new one)."""

    facts: Facts
    directory: Directory

    def groups(self, shape: FieldSpec) -> list[ChoiceGroup]:
        """Return the choices of a reference field, grouped; a choice in a group without a name is shown alone."""
        if shape.kind == "unit":
            return [("", self._units(shape.name))]
        if shape.kind == "staff":
            return self._staff(shape.name)
        return category_choices()

    def exists(self, shape: FieldSpec, code: str) -> bool:
        """Tell whether a sent code is one that the directory knows. Whether it fits is for the rules to say."""
        if shape.kind == "unit":
            return code in self.directory.units
        if shape.kind == "staff":
            return code in self.directory.staff
        return True

    def _units(self, name: str) -> list[Choice]:
        units = list(self.directory.units.values())
        if name in declarations.UNITS_THAT_HANDLE:
            assists = name == "assisting_units"
            headed = units_with_a_head(self.facts, self.directory)
            accused = units_that_are_accused(self.facts, self.directory)
            units = [u for u in units if u.can_handle and u.code not in accused and (assists or u.code in headed)]
        return [(u.code, u.name) for u in units]

    def _staff(self, name: str) -> list[ChoiceGroup]:
        roles = declarations.STAFF_FOR.get(name)
        unfit = (self.facts.recused | self.facts.complained_staff) if roles else frozenset()
        people = [
            s
            for s in self.directory.staff.values()
            if s.roles and s.code not in unfit and (not roles or s.roles & set(roles))
        ]
        if name in declarations.OF_THE_HANDLING_UNIT:
            people = [s for s in people if self.facts.handling_unit in s.units]
        if roles:
            return [("", [(s.code, s.name) for s in people])]
        return self._by_unit(people)

    def _by_unit(self, people: Sequence[StaffFacts]) -> list[ChoiceGroup]:
        found: dict[str, list[Choice]] = {}
        for unit in self.directory.units.values():
            found[unit.name] = [(s.code, s.name) for s in people if unit.code in s.units]
        found["其他"] = [(s.code, s.name) for s in people if not s.units]
        return [(name, choices) for name, choices in found.items() if choices]


def category_choices() -> list[ChoiceGroup]:
    """Return the categories in use: each second level a group of its third levels (1 query)."""
    rows = list(
        Category.objects.filter(active=True).order_by("code").values_list("code", "name", "level", "parent__code")
    )
    names = {code: name for code, name, _, _ in rows}
    parents = {parent for _, _, _, parent in rows}
    groups: dict[str, list[Choice]] = {}
    for code, name, _, parent in rows:
        if code in parents:
            continue  # the most particular one is chosen
        above: list[str] = []
        at: str | None = parent
        while at in names:
            above.insert(0, names[at])
            at = next((p for c, _, _, p in rows if c == at), None)
        groups.setdefault("／".join(above), []).append((code, name))
    return list(groups.items())
