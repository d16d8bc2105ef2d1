"""Barrier analyses: studies, their wording and fieldwork, codes of open answers, results, and what follows from them."""

import sqlalchemy as sa
from alembic import op

from core.database import Moment

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'barrier_study',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('campaign_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('behaviour_id', sa.Integer(), nullable=True),
        sa.Column('title', sa.String(length=100), nullable=False),
        *[sa.Column(name, sa.Text(), nullable=False) for name in ('who', 'does_what', 'how_often', 'place', 'moment')],
        sa.Column('rules', sa.JSON(), nullable=False),
        sa.Column('safe', sa.Boolean(), nullable=False),
        sa.Column('prevalence', sa.Double(), nullable=False),
        sa.Column('prevalence_source', sa.Text(), nullable=False),
        sa.Column('doers', sa.Integer(), nullable=False),
        sa.Column('non_doers', sa.Integer(), nullable=False),
        sa.Column('items', sa.JSON(), nullable=False),
        *_who_and_when('barrier_study'),
        sa.CheckConstraint('prevalence > 0 AND prevalence < 100', name=op.f('ck_barrier_study_prevalence_possible')),
        sa.ForeignKeyConstraint(
            ['campaign_id'], ['campaign.id'], name=op.f('fk_barrier_study_campaign_id_campaign'), ondelete='CASCADE'
        ),
        sa.ForeignKeyConstraint(
            ['behaviour_id'], ['design_entry.id'], name=op.f('fk_barrier_study_behaviour_id_design_entry'),
            ondelete='SET NULL',
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_barrier_study')),
        sa.UniqueConstraint('campaign_id', 'number', name=op.f('uq_barrier_study_campaign_id_number')),
    )
    op.create_table(
        'barrier_wording',
        sa.Column('study_id', sa.Integer(), nullable=False),
        sa.Column('language', sa.String(length=10), nullable=False),
        sa.Column('texts', sa.JSON(), nullable=False),
        *_who_and_when('barrier_wording'),
        _of_study('barrier_wording'),
        sa.PrimaryKeyConstraint('study_id', 'language', name=op.f('pk_barrier_wording')),
    )
    op.create_table(
        'barrier_fieldwork',
        sa.Column('study_id', sa.Integer(), nullable=False),
        sa.Column('plan', sa.Text(), nullable=False),
        sa.Column('sha256', sa.String(length=64), nullable=False),
        sa.Column('seed', sa.String(length=64), nullable=False),
        sa.Column('published_at', Moment(timezone=True), nullable=False),
        sa.Column('published_by_id', sa.Integer(), nullable=True),
        _of_study('barrier_fieldwork'),
        _by('barrier_fieldwork', 'published_by_id'),
        sa.PrimaryKeyConstraint('study_id', name=op.f('pk_barrier_fieldwork')),
    )
    op.create_table(
        'barrier_code',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('study_id', sa.Integer(), nullable=False),
        sa.Column('item_id', sa.String(length=60), nullable=False),
        sa.Column('label', sa.String(length=80), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        _of_study('barrier_code'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_barrier_code')),
        sa.UniqueConstraint('study_id', 'item_id', 'label', name=op.f('uq_barrier_code_study_id_item_id_label')),
    )
    op.create_table(
        'barrier_coding',
        sa.Column('study_id', sa.Integer(), nullable=False),
        sa.Column('submission_id', sa.Integer(), nullable=False),
        sa.Column('item_id', sa.String(length=60), nullable=False),
        sa.Column('code_ids', sa.JSON(), nullable=False),
        *_who_and_when('barrier_coding'),
        _of_study('barrier_coding'),
        sa.ForeignKeyConstraint(
            ['submission_id'],
            ['submission.id'],
            name=op.f('fk_barrier_coding_submission_id_submission'),
            ondelete='CASCADE',
        ),
        sa.PrimaryKeyConstraint('study_id', 'submission_id', 'item_id', name=op.f('pk_barrier_coding')),
    )
    op.create_table(
        'barrier_outcome',
        sa.Column('study_id', sa.Integer(), nullable=False),
        sa.Column('plan', sa.Text(), nullable=False),
        sa.Column('sha256', sa.String(length=64), nullable=False),
        sa.Column('results', sa.JSON(), nullable=False),
        sa.Column('labels', sa.JSON(), nullable=False),
        sa.Column('submissions', sa.JSON(), nullable=False),
        sa.Column('finished_at', Moment(timezone=True), nullable=False),
        sa.Column('finished_by_id', sa.Integer(), nullable=True),
        _of_study('barrier_outcome'),
        _by('barrier_outcome', 'finished_by_id'),
        sa.PrimaryKeyConstraint('study_id', name=op.f('pk_barrier_outcome')),
    )
    op.create_table(
        'barrier_bridge',
        sa.Column('study_id', sa.Integer(), nullable=False),
        sa.Column('determinant', sa.String(length=60), nullable=False),
        sa.Column('bridge', sa.Text(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        *_who_and_when('barrier_bridge'),
        sa.CheckConstraint("bridge <> '' OR reason <> ''", name=op.f('ck_barrier_bridge_bridge_or_reason')),
        _of_study('barrier_bridge'),
        sa.PrimaryKeyConstraint('study_id', 'determinant', name=op.f('pk_barrier_bridge')),
    )


def _of_study(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ['study_id'], ['barrier_study.id'], name=op.f(f'fk_{table}_study_id_barrier_study'), ondelete='CASCADE'
    )


def _by(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ['person.id'], name=op.f(f'fk_{table}_{column}_person'), ondelete='SET NULL'
    )


def _who_and_when(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('changed_at', Moment(timezone=True), nullable=False),
        sa.Column('changed_by_id', sa.Integer(), nullable=True),
        _by(table, 'changed_by_id'),
    ]


def downgrade() -> None:
    for table in ('bridge', 'outcome', 'coding', 'code', 'fieldwork', 'wording', 'study'):
        op.drop_table(f'barrier_{table}')
