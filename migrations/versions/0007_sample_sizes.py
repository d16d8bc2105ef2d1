"""What a sample is planned with, for each indicator."""

import sqlalchemy as sa
from alembic import op

from core.database import Moment

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'sample_size_plan',
        sa.Column('campaign_id', sa.Integer(), nullable=False),
        sa.Column('indicator_id', sa.String(length=60), nullable=False),
        sa.Column('content', sa.JSON(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('changed_at', Moment(timezone=True), nullable=False),
        sa.Column('changed_by_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ['campaign_id'],
            ['campaign.id'],
            name=op.f('fk_sample_size_plan_campaign_id_campaign'),
            ondelete='CASCADE',
        ),
        sa.ForeignKeyConstraint(
            ['changed_by_id'],
            ['person.id'],
            name=op.f('fk_sample_size_plan_changed_by_id_person'),
            ondelete='SET NULL',
        ),
        sa.PrimaryKeyConstraint('campaign_id', 'indicator_id', name=op.f('pk_sample_size_plan')),
    )


def downgrade() -> None:
    op.drop_table('sample_size_plan')
