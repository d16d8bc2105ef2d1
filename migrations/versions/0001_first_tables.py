"""The first tables."""

import sqlalchemy as sa
from alembic import op

import core.database

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('campaign',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=160), nullable=False),
    sa.Column('place', sa.String(length=160), nullable=False),
    sa.Column('simulated', sa.Boolean(), nullable=False),
    sa.Column('created_at', core.database.Moment(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign')),
    sa.UniqueConstraint('slug', name=op.f('uq_campaign_slug'))
    )
    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_name', sa.String(length=80), nullable=False),
    sa.Column('display_name', sa.String(length=120), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('administrator', sa.Boolean(), nullable=False),
    sa.Column('session_epoch', sa.Integer(), nullable=False),
    sa.Column('failed_sign_ins', sa.Integer(), nullable=False),
    sa.Column('locked_until', core.database.Moment(timezone=True), nullable=True),
    sa.Column('created_at', core.database.Moment(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('user_name', name=op.f('uq_person_user_name'))
    )
    op.create_table('audit_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', core.database.Moment(timezone=True), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('campaign_id', sa.Integer(), nullable=True),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_audit_event_campaign_id_campaign'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_audit_event_person_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_event'))
    )
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_event_campaign_id_audit_event_at'), ['campaign_id', 'at'], unique=False)

    op.create_table('design_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.String(length=60), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('changed_at', core.database.Moment(timezone=True), nullable=False),
    sa.Column('changed_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("state <> 'known' OR source <> ''", name=op.f('ck_design_answer_known_has_source')),
    sa.CheckConstraint("state <> 'not_relevant' OR reason <> ''", name=op.f('ck_design_answer_not_relevant_has_reason')),
    sa.CheckConstraint("state IN ('known', 'assumed', 'not_known', 'not_relevant')", name=op.f('ck_design_answer_state_known')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_design_answer_campaign_id_campaign'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['changed_by_id'], ['person.id'], name=op.f('fk_design_answer_changed_by_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_design_answer')),
    sa.UniqueConstraint('campaign_id', 'question_id', name=op.f('uq_design_answer_campaign_id_question_id'))
    )
    op.create_table('device',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('created_at', core.database.Moment(timezone=True), nullable=False),
    sa.Column('revoked_at', core.database.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_device_campaign_id_campaign'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_device_person_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_device')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_device_token_digest'))
    )
    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_device_campaign_id'), ['campaign_id'], unique=False)

    op.create_table('form',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('form_id', sa.String(length=120), nullable=False),
    sa.Column('instrument', sa.String(length=20), nullable=False),
    sa.Column('wave', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_form_campaign_id_campaign'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_form')),
    sa.UniqueConstraint('campaign_id', 'instrument', 'wave', name=op.f('uq_form_campaign_id_instrument_wave')),
    sa.UniqueConstraint('form_id', name=op.f('uq_form_form_id'))
    )
    op.create_table('frozen_plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('instrument', sa.String(length=20), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('frozen_at', core.database.Moment(timezone=True), nullable=False),
    sa.Column('frozen_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("instrument IN ('training', 'intercept')", name=op.f('ck_frozen_plan_instrument_known')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_frozen_plan_campaign_id_campaign'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['frozen_by_id'], ['person.id'], name=op.f('fk_frozen_plan_frozen_by_id_person'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_frozen_plan')),
    sa.UniqueConstraint('campaign_id', 'instrument', name=op.f('uq_frozen_plan_campaign_id_instrument'))
    )
    op.create_table('membership',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.CheckConstraint("role IN ('designer', 'translator', 'enumerator', 'supervisor', 'tracer', 'evaluator')", name=op.f('ck_membership_role_known')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_membership_campaign_id_campaign'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_membership_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership')),
    sa.UniqueConstraint('person_id', 'campaign_id', 'role', name=op.f('uq_membership_person_id_campaign_id_role'))
    )
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_membership_campaign_id'), ['campaign_id'], unique=False)

    op.create_table('plan_draft',
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('choices', sa.JSON(), nullable=False),
    sa.Column('activity_ends_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('changed_at', core.database.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_plan_draft_campaign_id_campaign'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('campaign_id', name=op.f('pk_plan_draft'))
    )
    op.create_table('form_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('form_pk', sa.Integer(), nullable=False),
    sa.Column('version', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('xlsform', sa.JSON(), nullable=False),
    sa.Column('xform', sa.Text(), nullable=False),
    sa.Column('codebook', sa.JSON(), nullable=False),
    sa.Column('md5', sa.String(length=32), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('published_at', core.database.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['form_pk'], ['form.id'], name=op.f('fk_form_version_form_pk_form'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_form_version')),
    sa.UniqueConstraint('form_pk', 'version', name=op.f('uq_form_version_form_pk_version'))
    )
    op.create_table('set_aside',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('device_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('instance_id', sa.String(length=200), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('received_at', core.database.Moment(timezone=True), nullable=False),
    sa.Column('settled_at', core.database.Moment(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('conflict', 'unreadable', 'unknown_form', 'other_campaign')", name=op.f('ck_set_aside_kind_known')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_set_aside_campaign_id_campaign'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_set_aside_device_id_device'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_set_aside')),
    sa.UniqueConstraint('campaign_id', 'kind', 'sha256', name=op.f('uq_set_aside_campaign_id_kind_sha256'))
    )
    op.create_table('submission',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=False),
    sa.Column('form_version_id', sa.Integer(), nullable=False),
    sa.Column('instance_id', sa.String(length=200), nullable=False),
    sa.Column('instrument', sa.String(length=20), nullable=False),
    sa.Column('wave', sa.String(length=20), nullable=False),
    sa.Column('interviewed_on', sa.Date(), nullable=True),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('device_id', sa.Integer(), nullable=True),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('unreadable', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_submission_campaign_id_campaign'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['device_id'], ['device.id'], name=op.f('fk_submission_device_id_device'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['form_version_id'], ['form_version.id'], name=op.f('fk_submission_form_version_id_form_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission')),
    sa.UniqueConstraint('campaign_id', 'instance_id', name=op.f('uq_submission_campaign_id_instance_id'))
    )
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_submission_campaign_id_submission_instrument_submission_wave'), ['campaign_id', 'instrument', 'wave'], unique=False)
        batch_op.create_index(batch_op.f('ix_submission_device_id'), ['device_id'], unique=False)

    op.create_table('attachment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('submission_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=255), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_attachment_submission_id_submission'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment')),
    sa.UniqueConstraint('submission_id', 'name', name=op.f('uq_attachment_submission_id_name'))
    )
    op.create_table('instance_document',
    sa.Column('submission_id', sa.Integer(), nullable=False),
    sa.Column('xml', sa.LargeBinary(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_instance_document_submission_id_submission'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('submission_id', name=op.f('pk_instance_document'))
    )
    op.create_table('link_digest',
    sa.Column('submission_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['submission_id'], ['submission.id'], name=op.f('fk_link_digest_submission_id_submission'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('submission_id', name=op.f('pk_link_digest'))
    )
    with op.batch_alter_table('link_digest', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_link_digest_digest'), ['digest'], unique=False)
    _refuse_changes_of_published_versions()


def _refuse_changes_of_published_versions():
    """A published form version is proof of what was asked: no client, not even ours, may change it."""
    if op.get_bind().dialect.name == 'sqlite':
        op.execute("""
            CREATE TRIGGER form_version_is_immutable BEFORE UPDATE ON form_version
            BEGIN SELECT RAISE(ABORT, 'a published form version cannot be changed'); END
        """)
        return
    op.execute("""
        CREATE FUNCTION refuse_form_version_change() RETURNS trigger AS $$
        BEGIN RAISE EXCEPTION 'a published form version cannot be changed'; END
        $$ LANGUAGE plpgsql
    """)
    op.execute("""
        CREATE TRIGGER form_version_is_immutable BEFORE UPDATE ON form_version
        FOR EACH ROW EXECUTE FUNCTION refuse_form_version_change()
    """)


def downgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        op.execute('DROP TRIGGER form_version_is_immutable')
    else:
        op.execute('DROP TRIGGER form_version_is_immutable ON form_version')
        op.execute('DROP FUNCTION refuse_form_version_change')
    with op.batch_alter_table('link_digest', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_link_digest_digest'))

    op.drop_table('link_digest')
    op.drop_table('instance_document')
    op.drop_table('attachment')
    with op.batch_alter_table('submission', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_submission_device_id'))
        batch_op.drop_index(batch_op.f('ix_submission_campaign_id_submission_instrument_submission_wave'))

    op.drop_table('submission')
    op.drop_table('set_aside')
    op.drop_table('form_version')
    op.drop_table('plan_draft')
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_membership_campaign_id'))

    op.drop_table('membership')
    op.drop_table('frozen_plan')
    op.drop_table('form')
    with op.batch_alter_table('device', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_device_campaign_id'))

    op.drop_table('device')
    op.drop_table('design_answer')
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_event_campaign_id_audit_event_at'))

    op.drop_table('audit_event')
    op.drop_table('person')
    op.drop_table('campaign')
