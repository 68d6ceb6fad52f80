"""The scheduler before WO-004: deep scans, domain extraction and sitemap imports in one job."""

import logging

from src.config.settings import settings
from src.scheduler_instance import scheduler

logger = logging.getLogger(__name__)


async def process_pending_jobs() -> None:
    logger.info("Starting sitemap job processing cycle")


def setup_sitemap_scheduler() -> None:
    """Deprecated: WO-004 has a scheduler for each of the queues."""
    scheduler.add_job(
        process_pending_jobs,
        trigger="interval",
        minutes=settings.SITEMAP_SCHEDULER_INTERVAL_MINUTES,
        id="process_pending_jobs",
        name="Process Pending Jobs",
        max_instances=settings.SITEMAP_SCHEDULER_MAX_INSTANCES,
        replace_existing=True,
    )
