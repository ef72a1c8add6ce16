"""Taking the content of a result off the public register, where its being there does the harm."""

from app.domain.results.public_copy import removed_copy
from app.domain.results.redaction import HIDDEN
from app.services.access import log
from app.services.context import Act
from app.store.results import publications as store
from app.store.tables.results import PublicResult, RemovedVersion


def remove_content(act: Act, visit_id: str, *, region: str) -> None:
    """Empty every version of a result, the withdrawal's row included; the chain of digests stays whole.

    What the versions said moves to where auditors alone can read it: a digest must stay checkable.
    """
    removed = 0
    for version in store.versions_for_change(act.session, visit_id):
        if not version.withdrawn and not version.copy_.get("removed"):
            store.keep_removed(
                act.session,
                RemovedVersion(
                    id=version.id,
                    version=version.version,
                    copy_=version.copy_,
                    removed_by=act.caller.id,
                    removed_at=act.now,
                ),
            )
            version.copy_ = removed_copy(visit_id)
            removed += 1
        _forget(version)
        store.relist(act.session, version)
    log(act, what="publications.remove", region=region, subject=visit_id, versions=removed)


def _forget(version: PublicResult) -> None:
    version.entity_key = version.entity_name = HIDDEN
    version.uscc, version.codes = None, []
    version.found = version.punished = False
