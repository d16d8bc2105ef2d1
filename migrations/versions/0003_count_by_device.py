"""Counts of each device come from an index alone."""

from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        'ix_submission_by_device', 'submission', ['device_id', 'instrument', 'wave', 'received_on']
    )
    op.drop_index(op.f('ix_submission_device_id'), table_name='submission')


def downgrade() -> None:
    op.create_index(op.f('ix_submission_device_id'), 'submission', ['device_id'])
    op.drop_index('ix_submission_by_device', table_name='submission')
