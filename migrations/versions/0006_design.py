"""Parts of a design beside its answers, every version of all its parts, and comments on them."""

import sqlalchemy as sa
from alembic import op

from core.database import Moment

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'design_entry',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('campaign_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=40), nullable=False),
        sa.Column('parent_id', sa.Integer(), nullable=True),
        sa.Column('content', sa.JSON(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('changed_at', Moment(timezone=True), nullable=False),
        sa.Column('changed_by_id', sa.Integer(), nullable=True),
        *_keys('design_entry', 'changed_by_id'),
        sa.ForeignKeyConstraint(
            ['parent_id'], ['design_entry.id'], name=op.f('fk_design_entry_parent_id_design_entry'), ondelete='CASCADE'
        ),
    )
    op.create_index(op.f('ix_design_entry_campaign_id_design_entry_kind'), 'design_entry', ['campaign_id', 'kind'])
    op.create_table(
        'revision',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('campaign_id', sa.Integer(), nullable=False),
        sa.Column('thing', sa.String(length=120), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('content', sa.JSON(), nullable=False),
        sa.Column('removed', sa.Boolean(), nullable=False),
        sa.Column('changed_at', Moment(timezone=True), nullable=False),
        sa.Column('changed_by_id', sa.Integer(), nullable=True),
        *_keys('revision', 'changed_by_id'),
    )
    op.create_index(
        op.f('ix_revision_campaign_id_revision_thing_revision_version'), 'revision', ['campaign_id', 'thing', 'version']
    )
    op.create_index(op.f('ix_revision_campaign_id_revision_changed_at'), 'revision', ['campaign_id', 'changed_at'])
    op.create_table(
        'design_comment',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('campaign_id', sa.Integer(), nullable=False),
        sa.Column('thing', sa.String(length=120), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('written_at', Moment(timezone=True), nullable=False),
        sa.Column('written_by_id', sa.Integer(), nullable=True),
        sa.Column('settled_at', Moment(timezone=True), nullable=True),
        sa.Column('settled_by_id', sa.Integer(), nullable=True),
        *_keys('design_comment', 'written_by_id', 'settled_by_id'),
    )
    op.create_index(op.f('ix_design_comment_campaign_id_design_comment_thing'), 'design_comment', ['campaign_id', 'thing'])
    with op.batch_alter_table('plan_draft') as batch_op:
        batch_op.add_column(sa.Column('changed_by_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f('fk_plan_draft_changed_by_id_person'), 'person', ['changed_by_id'], ['id'], ondelete='SET NULL'
        )
    op.add_column('design_answer', sa.Column('strength', sa.String(length=40), nullable=False, server_default=''))


def _keys(table: str, *people: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.ForeignKeyConstraint(
            ['campaign_id'], ['campaign.id'], name=op.f(f'fk_{table}_campaign_id_campaign'), ondelete='CASCADE'
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ['person.id'], name=op.f(f'fk_{table}_{column}_person'), ondelete='SET NULL'
            )
            for column in people
        ),
        sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{table}')),
    ]


def downgrade() -> None:
    op.drop_column('design_answer', 'strength')
    with op.batch_alter_table('plan_draft') as batch_op:
        batch_op.drop_constraint(op.f('fk_plan_draft_changed_by_id_person'), type_='foreignkey')
        batch_op.drop_column('changed_by_id')
    for table in ('design_comment', 'revision', 'design_entry'):
        op.drop_table(table)
