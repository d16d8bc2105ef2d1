"""The indicators that a campaign takes on, its days, and the secret addresses of its calendar."""

import sqlalchemy as sa
from alembic import op

from core.database import Moment

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'planned_indicator',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('campaign_id', sa.Integer(), nullable=False),
        sa.Column('indicator_id', sa.String(length=60), nullable=True),
        sa.Column('title', sa.String(length=300), nullable=False),
        sa.Column('rung', sa.String(length=60), nullable=False),
        sa.Column('dimension', sa.String(length=60), nullable=False),
        sa.Column('definition', sa.Text(), nullable=False),
        sa.Column('unit', sa.String(length=60), nullable=False),
        sa.Column('numerator', sa.Text(), nullable=False),
        sa.Column('denominator', sa.Text(), nullable=False),
        sa.Column('cannot_show', sa.Text(), nullable=False),
        sa.Column('seasonal', sa.Boolean(), nullable=False),
        sa.Column('methods', sa.JSON(), nullable=False),
        sa.Column('collected_from', sa.Text(), nullable=False),
        sa.Column('frequency', sa.String(length=60), nullable=False),
        sa.Column('owner', sa.String(length=160), nullable=False),
        sa.Column('baseline', sa.Double(), nullable=True),
        sa.Column('baseline_words', sa.Text(), nullable=False),
        sa.Column('baseline_from', sa.Text(), nullable=False),
        sa.Column('target_kind', sa.String(length=20), nullable=False),
        sa.Column('target_value', sa.Double(), nullable=True),
        sa.Column('target_words', sa.Text(), nullable=False),
        sa.Column('by_kind', sa.String(length=20), nullable=False),
        sa.Column('by_months', sa.Integer(), nullable=True),
        sa.Column('by_on', sa.Date(), nullable=True),
        sa.Column('disaggregation', sa.JSON(), nullable=False),
        sa.Column('segments', sa.Text(), nullable=False),
        sa.Column('reasons', sa.Text(), nullable=False),
        *_who_and_when('planned_indicator'),
        sa.CheckConstraint(
            "target_kind IN ('', 'level', 'points', 'relative')", name=op.f('ck_planned_indicator_target_kind_known')
        ),
        sa.CheckConstraint(
            "target_kind = '' OR target_value IS NOT NULL", name=op.f('ck_planned_indicator_target_has_value')
        ),
        sa.CheckConstraint(
            "target_kind <> 'relative' OR baseline IS NOT NULL", name=op.f('ck_planned_indicator_relative_has_baseline')
        ),
        sa.CheckConstraint("by_kind IN ('', 'date', 'start', 'end')", name=op.f('ck_planned_indicator_by_kind_known')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_planned_indicator')),
        sa.UniqueConstraint('campaign_id', 'indicator_id', name=op.f('uq_planned_indicator_campaign_id_indicator_id')),
    )
    op.create_table(
        'campaign_calendar',
        sa.Column('campaign_id', sa.Integer(), nullable=False),
        sa.Column('starts_on', sa.Date(), nullable=True),
        sa.Column('before_first', sa.Date(), nullable=True),
        sa.Column('before_last', sa.Date(), nullable=True),
        sa.Column('after_first', sa.Date(), nullable=True),
        sa.Column('after_last', sa.Date(), nullable=True),
        *_who_and_when('campaign_calendar'),
        sa.PrimaryKeyConstraint('campaign_id', name=op.f('pk_campaign_calendar')),
    )
    op.create_table(
        'calendar_feed',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('campaign_id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('token_digest', sa.String(length=64), nullable=False),
        sa.Column('language', sa.String(length=8), nullable=False),
        sa.Column('created_at', Moment(timezone=True), nullable=False),
        sa.Column('revoked_at', Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ['campaign_id'], ['campaign.id'], name=op.f('fk_calendar_feed_campaign_id_campaign'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['person_id'], ['person.id'], name=op.f('fk_calendar_feed_person_id_person'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_feed')),
        sa.UniqueConstraint('token_digest', name=op.f('uq_calendar_feed_token_digest')),
    )
    op.create_index(op.f('ix_calendar_feed_campaign_id'), 'calendar_feed', ['campaign_id'])


def _who_and_when(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('changed_at', Moment(timezone=True), nullable=False),
        sa.Column('changed_by_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ['campaign_id'], ['campaign.id'], name=op.f(f'fk_{table}_campaign_id_campaign'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['changed_by_id'], ['person.id'], name=op.f(f'fk_{table}_changed_by_id_person'), ondelete='SET NULL'
        ),
    ]


def downgrade() -> None:
    op.drop_table('calendar_feed')
    op.drop_table('campaign_calendar')
    op.drop_table('planned_indicator')
