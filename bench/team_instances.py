"""Made-up deals of a large city: districts x regimes x roles, with capacity ample, tight or scarce."""

import random
from dataclasses import dataclass, replace

from app.domain.draw.basics.lines import Inspector, Recusal

DISTRICTS = 20
REGIMES = 4
SLOTS = (("role:lead",), ("role:member",))


@dataclass(frozen=True, slots=True)
class Instance:
    """What one deal is made from."""

    name: str
    drawn: list[tuple[str, tuple[str, ...]]]
    slots: tuple[tuple[str, ...], ...]
    inspectors: list[Inspector]
    recusals: list[Recusal]


def city(*, name: str, entities: int, inspectors: int, seed: int) -> Instance:
    """Give a city whose inspectors know one or two districts and up to four regimes; two in five may lead."""
    chance = random.Random(seed)
    drawn: list[tuple[str, tuple[str, ...]]] = [
        (
            f"9141{number:014d}",
            (f"district:{chance.randrange(DISTRICTS):02d}", f"regime:{chance.randrange(REGIMES)}"),
        )
        for number in range(entities)
    ]
    staff = []
    for number in range(inspectors):
        tags = {
            f"district:{number % DISTRICTS:02d}",
            f"district:{chance.randrange(DISTRICTS):02d}",
            "role:member",
        }
        tags |= {f"regime:{k}" for k in chance.sample(range(REGIMES), chance.randint(1, REGIMES))}
        if number % 5 < 2:
            tags.add("role:lead")
        staff.append(Inspector(f"P{number:05d}", 0, tuple(sorted(tags))))
    recusals = [
        Recusal(inspector.id, drawn[chance.randrange(entities)][0]) for inspector in staff for _ in range(2)
    ]
    return Instance(name, drawn, SLOTS, staff, recusals)


def ample(*, entities: int, inspectors: int) -> Instance:
    """Give a city whose capacity is three times its demand."""
    bare = city(name="ample", entities=entities, inspectors=inspectors, seed=1)
    cap = min(999, 3 * entities * len(SLOTS) // inspectors)
    return replace(bare, inspectors=[replace(inspector, cap=cap) for inspector in bare.inspectors])


def tight(*, entities: int, inspectors: int) -> Instance:
    """Give a city in which a full assignment exists by construction, and caps leave nothing over it."""
    bare = city(name="tight", entities=entities, inspectors=inspectors, seed=2)
    chance = random.Random(3)
    loads = dict.fromkeys((inspector.id for inspector in bare.inspectors), 0)
    recused = {(recusal.inspector, recusal.entity) for recusal in bare.recusals}
    fitting: dict[tuple[str, ...], list[str]] = {}
    for entity, needs in bare.drawn:
        team: list[str] = []
        for tags in bare.slots:
            wanted = (*needs, *tags)
            if wanted not in fitting:
                fitting[wanted] = [i.id for i in bare.inspectors if set(wanted) <= set(i.tags)]
            able = [i for i in fitting[wanted] if i not in team and (i, entity) not in recused]
            one, other = chance.choice(able), chance.choice(able)
            team.append(one if loads[one] <= loads[other] else other)
            loads[team[-1]] += 1
    return replace(bare, inspectors=[replace(i, cap=loads[i.id]) for i in bare.inspectors])


def scarce(*, entities: int, inspectors: int) -> Instance:
    """Give a city whose capacity is seven tenths of its demand."""
    bare = city(name="scarce", entities=entities, inspectors=inspectors, seed=4)
    cap = 7 * entities * len(SLOTS) // inspectors // 10
    return replace(bare, inspectors=[replace(inspector, cap=cap) for inspector in bare.inspectors])
