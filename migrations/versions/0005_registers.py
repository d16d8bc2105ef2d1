"""Registers of what a design has to find out and of what it takes for granted."""

import sqlalchemy as sa
from alembic import op

from core.database import Moment

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'research_task',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('campaign_id', sa.Integer(), nullable=False),
        sa.Column('question_id', sa.String(length=60), nullable=True),
        sa.Column('title', sa.String(length=300), nullable=False),
        sa.Column('how', sa.Text(), nullable=False),
        sa.Column('owner', sa.String(length=160), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=True),
        sa.Column('indicator_id', sa.String(length=60), nullable=False),
        sa.Column('done', sa.Boolean(), nullable=False),
        *_who_and_when('research_task'),
        sa.UniqueConstraint('campaign_id', 'question_id', name=op.f('uq_research_task_campaign_id_question_id')),
    )
    op.create_table(
        'assumption',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('campaign_id', sa.Integer(), nullable=False),
        sa.Column('question_id', sa.String(length=60), nullable=True),
        sa.Column('term_id', sa.String(length=60), nullable=True),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('stance', sa.String(length=20), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('indicator_id', sa.String(length=60), nullable=False),
        *_who_and_when('assumption'),
        sa.CheckConstraint("stance IN ('open', 'kept', 'struck_out')", name=op.f('ck_assumption_stance_known')),
        sa.CheckConstraint("stance = 'open' OR reason <> ''", name=op.f('ck_assumption_stance_has_reason')),
        sa.UniqueConstraint('campaign_id', 'question_id', name=op.f('uq_assumption_campaign_id_question_id')),
        sa.UniqueConstraint('campaign_id', 'term_id', name=op.f('uq_assumption_campaign_id_term_id')),
    )


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
        sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{table}')),
    ]


def downgrade() -> None:
    op.drop_table('assumption')
    op.drop_table('research_task')
