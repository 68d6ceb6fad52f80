"""The loop that every queue has in common: claim a batch, then work on it item by item."""

import logging
from enum import Enum
from typing import Any, Awaitable, Callable, Sequence, Type
from uuid import UUID

from sqlalchemy import asc, select, update

from src.session import get_session

logger = logging.getLogger(__name__)

Work = Callable[[UUID, Any], Awaitable[None]]


def column_of(model: Type[Any], name: str) -> Any:
    """A column by its name, or a sentence that says which one is missing."""
    column = getattr(model, name, None)
    if column is None:
        raise ValueError(f"{model.__name__} has no column {name}")
    return column


async def mark(model: Type[Any], ids: Sequence[UUID], **values: Any) -> None:
    """Sets columns of some rows in a transaction of its own."""
    if not ids:
        return
    async with get_session() as session, session.begin():
        await session.execute(
            update(model)
            .where(model.id.in_(ids))
            .values(**values)
            .execution_options(synchronize_session=False)
        )


async def claim_batch(
    model: Type[Any],
    *,
    queued: Enum,
    processing: Enum,
    batch_size: int,
    status_field: str,
    error_field: str,
) -> Sequence[UUID]:
    """
    Takes up to `batch_size` rows off the queue, the longest waiting first.

    Rows that another worker holds are left to it: that is what keeps two
    workers, or two cycles of one worker, from doing the same work twice.
    """
    status = column_of(model, status_field)

    async with get_session() as session, session.begin():
        # Do not take the lock away for speed (WO-004): without it a place is
        # scanned twice, a local_business row is written twice, and the API is
        # paid twice.
        claimed = (
            await session.execute(
                select(model.id)
                .where(status == queued)
                .order_by(asc(model.updated_at))
                .limit(batch_size)
                # Skipping what is locked, instead of waiting for it, keeps the
                # cycles of several workers from queueing up one behind another;
                # see the monitoring guide, "Race Conditions Detected".
                .with_for_update(skip_locked=True)
            )
        ).scalars()
        ids = list(claimed)
        logger.info(
            "SCHEDULER_LOOP: Found %d %s items with status %s",
            len(ids),
            model.__name__,
            queued.value,
        )
    await mark(model, ids, **{status_field: processing, error_field: None})
    return ids


async def run_job_loop(
    model: Type[Any],
    *,
    work: Work,
    queued: Enum,
    processing: Enum,
    failed: Enum,
    batch_size: int,
    status_field: str,
    error_field: str,
) -> None:
    """One cycle. An item that fails is marked and does not stop the others."""
    ids = await claim_batch(
        model,
        queued=queued,
        processing=processing,
        batch_size=batch_size,
        status_field=status_field,
        error_field=error_field,
    )
    for item_id in ids:
        try:
            async with get_session() as session:
                await work(item_id, session)
        except Exception as problem:
            logger.error("SCHEDULER_LOOP: %s %s failed: %s", model.__name__, item_id, problem)
            await mark(
                model,
                [item_id],
                **{status_field: failed, error_field: str(problem)[:1024]},
            )
