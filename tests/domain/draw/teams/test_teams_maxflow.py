"""The deal fills as many slots as any could, and the certificate proves it (DR1 section 6)."""

import networkx as nx
import pytest

from tests.domain.draw.team_cases import Case, random_case


def most(case: Case) -> int:
    """Count the slots that can be filled at most, by networkx: slot -> person on this team -> inspector."""
    graph = nx.DiGraph()
    graph.add_nodes_from(["source", "sink"])
    for inspector in case.inspectors:
        graph.add_edge(inspector, "sink", capacity=inspector.cap)
    recused = {(recusal.inspector, recusal.entity) for recusal in case.recusals}
    for entity, needs in case.drawn:
        for number, tags in enumerate(case.slots):
            graph.add_edge("source", (entity, number), capacity=1)
            for inspector in case.inspectors:
                if {*needs, *tags} <= set(inspector.tags) and (inspector.id, entity) not in recused:
                    person = ("on team", entity, inspector.id)
                    graph.add_edge((entity, number), person, capacity=1)
                    graph.add_edge(person, inspector, capacity=1)
    flow, _ = nx.maximum_flow(graph, "source", "sink")
    return int(flow)


def proven_empty(case: Case) -> int:
    """Evaluate |slots| - sum of the caps of inspectors - |pairs| of the certificate, from its definition."""
    certificate = case.dealt().shortage
    assert certificate is not None
    needs = dict(case.drawn)
    recused = {(recusal.inspector, recusal.entity) for recusal in case.recusals}
    pairs = {
        (entity, inspector.id)
        for entity, number in certificate.slots
        for inspector in case.inspectors
        if inspector.id not in certificate.inspectors
        and {*needs[entity], *case.slots[number]} <= set(inspector.tags)
        and (inspector.id, entity) not in recused
    }
    caps = sum(inspector.cap for inspector in case.inspectors if inspector.id in certificate.inspectors)
    return len(certificate.slots) - caps - len(pairs)


@pytest.mark.parametrize("block", range(6))
def test_no_assignment_fills_more(block: int) -> None:
    """500 instances a block: the deal equals the maximum flow, and a shortage is exactly what is missing."""
    for seed in range(10_000 + block * 500, 10_000 + block * 500 + 500):
        case = random_case(seed)
        found = case.dealt()
        wanted = len(case.drawn) * len(case.slots)
        assert len(found.teams) == most(case)
        assert (found.shortage is None) == (len(found.teams) == wanted)
        if found.shortage is not None:
            assert len(found.shortage.short) == wanted - len(found.teams) == proven_empty(case)
