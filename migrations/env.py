"""Alembic's entry: runs on the connection that core.migrating hands over."""

from alembic import context

import accounts.models
import campaigns.barrier_analysis.models
import campaigns.calendar.models
import campaigns.entries.models
import campaigns.history.models
import campaigns.indicator_plan.models
import campaigns.locking.models
import campaigns.models
import campaigns.registers.models
import campaigns.sizes.models
import campaigns.training_lane.models
import surveys.models
from core.database import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
