"""What a frozen plan left open and why, and changes to a plan after its locks."""

import sqlalchemy as sa
from alembic import op

from core.database import Moment

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('frozen_plan') as batch_op:
        batch_op.add_column(sa.Column('open_gaps', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('gap_reason', sa.Text(), server_default='', nullable=False))
    _move_open_gaps()
    op.create_table(
        'plan_change',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('campaign_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=120), nullable=False),
        sa.Column('old', sa.JSON(), nullable=False),
        sa.Column('new', sa.JSON(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('mark', sa.String(length=20), nullable=False),
        sa.Column('made_at', Moment(timezone=True), nullable=False),
        sa.Column('made_by_id', sa.Integer(), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f('ck_plan_change_has_reason')),
        sa.CheckConstraint(
            "mark IN ('', 'set_after_baseline', 'set_after_answers')", name=op.f('ck_plan_change_mark_known')
        ),
        sa.ForeignKeyConstraint(
            ['campaign_id'], ['campaign.id'], name=op.f('fk_plan_change_campaign_id_campaign'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['made_by_id'], ['person.id'], name=op.f('fk_plan_change_made_by_id_person'), ondelete='SET NULL'
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_change')),
    )
    op.create_index(op.f('ix_plan_change_campaign_id'), 'plan_change', ['campaign_id'])


DRAFT = sa.table('plan_draft', sa.column('campaign_id'), sa.column('choices', sa.JSON))
FROZEN = sa.table('frozen_plan', sa.column('campaign_id'), sa.column('open_gaps', sa.JSON))


def _move_open_gaps() -> None:
    """They were kept in the draft, beside what the designer chose."""
    connection = op.get_bind()
    for campaign_id, choices in connection.execute(sa.select(DRAFT.c.campaign_id, DRAFT.c.choices)).all():
        gaps = choices.pop('open_gaps', None)
        if gaps is not None:
            connection.execute(FROZEN.update().where(FROZEN.c.campaign_id == campaign_id).values(open_gaps=gaps))
            connection.execute(DRAFT.update().where(DRAFT.c.campaign_id == campaign_id).values(choices=choices))


def _move_open_gaps_back() -> None:
    connection = op.get_bind()
    found = sa.select(DRAFT.c.campaign_id, DRAFT.c.choices, FROZEN.c.open_gaps)
    joined = found.join_from(DRAFT, FROZEN, DRAFT.c.campaign_id == FROZEN.c.campaign_id)
    for campaign_id, choices, gaps in connection.execute(joined).all():
        both = choices | {'open_gaps': gaps}
        connection.execute(DRAFT.update().where(DRAFT.c.campaign_id == campaign_id).values(choices=both))


def downgrade() -> None:
    op.drop_index(op.f('ix_plan_change_campaign_id'), table_name='plan_change')
    op.drop_table('plan_change')
    _move_open_gaps_back()
    with op.batch_alter_table('frozen_plan') as batch_op:
        batch_op.drop_column('gap_reason')
        batch_op.drop_column('open_gaps')
