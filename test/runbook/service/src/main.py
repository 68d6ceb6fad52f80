"""ScraperSky API: one process that serves HTTP and runs every scheduler."""

import logging
from contextlib import asynccontextmanager
from typing import AsyncIterator

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse

from src.config.settings import settings
from src.routers import (
    batch_pages,
    batch_sitemaps,
    domains,
    local_businesses,
    page_curation,
    places_scraper,
    places_staging,
    sitemap_files,
)
from src.scheduler_instance import shutdown_scheduler, start_scheduler
from src.services.deep_scan_scheduler import setup_deep_scan_scheduler
from src.services.domain_extraction_scheduler import setup_domain_extraction_scheduler
from src.services.domain_scheduler import setup_domain_scheduler
from src.services.domain_sitemap_submission_scheduler import (
    setup_domain_sitemap_submission_scheduler,
)
from src.services.page_curation_scheduler import setup_page_curation_scheduler
from src.services.sitemap_import_scheduler import setup_sitemap_import_scheduler
from src.services.sitemap_scheduler import setup_sitemap_scheduler  # noqa: F401
from src.session import engine

logging.basicConfig(
    level=settings.LOG_LEVEL,
    format="%(asctime)s %(levelname)s %(name)s %(message)s",
)
logger = logging.getLogger(__name__)

API_PREFIX = "/api/v3"

DESCRIPTION = """
Finds places, scans them deeply, extracts their domains and curates their pages.

Workflows: WF2 deep scan, WF3 domain extraction, WF4 domains, WF6 sitemap import,
WF7 page curation.
"""

ROUTERS = [
    places_scraper.router,
    places_staging.router,
    local_businesses.router,
    domains.router,
    batch_pages.router,
    batch_sitemaps.router,
    sitemap_files.router,
    page_curation.router,
]


def add_middleware(app: FastAPI) -> None:
    """Lets the front end of every environment in."""
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.CORS_ORIGINS,
        allow_credentials=True,
        allow_methods=["*"],
        allow_headers=["*"],
    )


def add_routers(app: FastAPI) -> None:
    """Every router stands under the same prefix."""
    for router in ROUTERS:
        app.include_router(router, prefix=API_PREFIX)


async def check_database() -> None:
    """A process without its database is of no use: say so at the start."""
    async with engine.connect() as connection:
        await connection.exec_driver_sql("select 1")
    logger.info("Database connection verified")


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Starts the shared scheduler, registers every job, and stops it at the end."""
    logger.info("Starting up the ScraperSky API - Lifespan Start")
    await check_database()
    start_scheduler()
    logger.info("Adding jobs to the shared scheduler...")

    try:
        setup_domain_scheduler()
    except Exception as e:
        logger.error(f"Failed to setup Domain scheduler job: {e}", exc_info=True)

    # WO-004: one scheduler each for deep scans and for domain extraction.
    # To go back, see "Option 3" of the monitoring guide.
    try:
        setup_deep_scan_scheduler()
    except Exception as e:
        logger.error(f"Failed to setup Deep Scan scheduler job: {e}", exc_info=True)

    try:
        setup_domain_extraction_scheduler()
    except Exception as e:
        logger.error(f"Failed to setup Domain Extraction scheduler job: {e}", exc_info=True)

    # The scheduler before WO-004, which did the work of both:
    # try:
    #     setup_sitemap_scheduler()
    # except Exception as e:
    #     logger.error(f"Failed to setup Sitemap scheduler job: {e}", exc_info=True)

    try:
        setup_domain_sitemap_submission_scheduler()
    except Exception as e:
        logger.error(f"Failed to setup Sitemap Submission scheduler job: {e}", exc_info=True)

    try:
        setup_sitemap_import_scheduler()
    except Exception as e:
        logger.error(f"Failed to setup Sitemap Import scheduler job: {e}", exc_info=True)

    try:
        setup_page_curation_scheduler()
    except Exception as e:
        logger.error(f"Failed to setup Page Curation scheduler job: {e}", exc_info=True)

    yield

    logger.info("Shutting down the ScraperSky API - Lifespan End")
    shutdown_scheduler()


app = FastAPI(title="ScraperSky API", description=DESCRIPTION, lifespan=lifespan)
add_middleware(app)
add_routers(app)


@app.get("/health")
async def health() -> JSONResponse:
    """What the platform and the gate ask."""
    return JSONResponse({"status": "ok"})
