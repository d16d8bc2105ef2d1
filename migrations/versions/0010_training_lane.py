"""The lane in which a campaign is made, and the safety check of a training."""

import sqlalchemy as sa
from alembic import op

from core.database import Moment

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('campaign', sa.Column('lane', sa.String(length=20), nullable=False, server_default='campaign'))
    op.create_table(
        'training_safety',
        sa.Column('campaign_id', sa.Integer(), nullable=False),
        sa.Column('hotline', sa.String(length=60), nullable=False),
        sa.Column('dialled_on', sa.Date(), nullable=True),
        sa.Column('dialled_by', sa.String(length=160), nullable=False),
        sa.Column('contact_name', sa.String(length=160), nullable=False),
        sa.Column('contact_reached', sa.String(length=160), nullable=False),
        sa.Column('minors', sa.Boolean(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('changed_at', Moment(timezone=True), nullable=False),
        sa.Column('changed_by_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ['campaign_id'], ['campaign.id'], name=op.f('fk_training_safety_campaign_id_campaign'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['changed_by_id'], ['person.id'], name=op.f('fk_training_safety_changed_by_id_person'), ondelete='SET NULL'
        ),
        sa.PrimaryKeyConstraint('campaign_id', name=op.f('pk_training_safety')),
    )


def downgrade() -> None:
    op.drop_table('training_safety')
    op.drop_column('campaign', 'lane')
