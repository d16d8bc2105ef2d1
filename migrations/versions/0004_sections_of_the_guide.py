"""A campaign chooses sections of the guide and says what each one's answers mean for it."""

import sqlalchemy as sa
from alembic import op

from core.database import Moment

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('campaign', sa.Column('chosen_sections', sa.JSON(), nullable=False, server_default='[]'))
    op.create_table(
        'section_conclusion',
        sa.Column('campaign_id', sa.Integer(), nullable=False),
        sa.Column('section_id', sa.String(length=60), nullable=False),
        sa.Column('outcome', sa.String(length=60), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('changed_at', Moment(timezone=True), nullable=False),
        sa.Column('changed_by_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ['campaign_id'], ['campaign.id'], name=op.f('fk_section_conclusion_campaign_id_campaign'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['changed_by_id'], ['person.id'], name=op.f('fk_section_conclusion_changed_by_id_person'), ondelete='SET NULL'
        ),
        sa.PrimaryKeyConstraint('campaign_id', 'section_id', name=op.f('pk_section_conclusion')),
    )


def downgrade() -> None:
    op.drop_table('section_conclusion')
    op.drop_column('campaign', 'chosen_sections')
