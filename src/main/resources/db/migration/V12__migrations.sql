-- Lists of ids with what became of each. The rows of one list are in two tables of its own, list_<no>_row
-- (as they came, by line) and list_<no>_id (every distinct id once, with its verdict), so that a list goes in
-- a moment. This is the register of them: one whose time is over was cut short, and is dropped by any pod.
create table list (
  no    bigint generated always as identity primary key,
  until timestamptz -- null: it belongs to a migration
);
create index list_until on list (until) where until is not null;

-- One row a migration. Counts are kept here, with every change of an id, and never counted again.
create table migration (
  id             uuid primary key,       -- in the order of their creation
  list_no        bigint not null,
  parent_id      uuid,
  page_id        bigint not null,
  name           text,
  labels         jsonb not null default '{}',
  created_by     text not null,
  created_at     timestamptz not null,
  started_at     timestamptz,
  finished_at    timestamptz,
  revision       integer not null default 1, -- moves with state and settings
  progress       bigint not null default 0,  -- moves with counts; numbers the decisions of list_<no>_id
  desired        text not null check (desired in ('running', 'paused', 'cancelled')),
  state          text not null check (state in ('uploading', 'awaiting_confirmation', 'canary', 'running',
                                                'paused', 'completed', 'cancelled', 'expired', 'failed')),
  reason         text,
  next_state     text,                   -- what it becomes once no call of it is under way
  next_reason    text,
  next_by        text,
  deadline       timestamptz,
  share          double precision not null default 1,
  quota_cap      bigint,
  confirm        boolean,                -- null: by the size of the bill
  canary_ids     bigint not null default 0,
  canary_max_invalid_ratio double precision not null default 1,
  canary_done    boolean not null default false,
  max_invalid_ratio double precision,
  format         text not null,          -- of the file: csv, text, ndjson or json
  columns        text[],                 -- names in the header of a CSV
  width          integer not null,       -- cells of its widest row
  -- counts: received = malformed + duplicates + distinct_ids,
  -- distinct_ids = already_known + mapped + unmapped + invalid + failed + unanswered + under_way + remaining
  received       bigint not null,
  malformed      bigint not null,
  duplicates     bigint not null default 0,
  distinct_ids   bigint not null default 0,
  already_known  bigint not null default 0,
  mapped         bigint not null default 0,
  unmapped       bigint not null default 0,
  invalid        bigint not null default 0,
  failed         bigint not null default 0,
  under_way      bigint not null default 0 check (under_way >= 0),  -- in calls
  unanswered     bigint not null default 0 check (unanswered >= 0), -- their call ended uncertain
  known_unmapped bigint not null default 0, -- of unmapped and invalid: known when the list was compared
  known_invalid  bigint not null default 0,
  prepared_line  bigint not null default 0, -- deduplicated and compared up to there
  fed_line       bigint not null default 0, -- every id up to there was decided
  -- the bill
  to_convert     bigint not null default 0,
  planned_calls  bigint not null default 0,
  quota_remaining_after bigint,
  calls          bigint not null default 0,
  asked          bigint not null default 0,
  units          bigint not null default 0,
  units_held     bigint not null default 0 check (units_held >= 0),
  units_uncertain bigint not null default 0 check (units_uncertain >= 0),
  joined         bigint not null default 0,
  throttled_micros bigint not null default 0,
  -- what its owner tells: when it will be done, and what bounds it
  ids_per_second double precision not null default 0,
  eta_p50        timestamptz,
  eta_p90        timestamptz,
  eta_resumed    timestamptz,
  eta_reason     text,
  on_track       boolean not null default true,
  bottleneck     text,
  bottleneck_until timestamptz,
  bottleneck_position integer,
  check (distinct_ids >= already_known + mapped + unmapped + invalid + failed + under_way + unanswered)
) with (fillfactor = 20); -- room for HOT updates on the page
create index migration_open on migration (id)
  where state in ('uploading', 'awaiting_confirmation', 'canary', 'running', 'paused');
create index migration_page on migration (page_id, id);
create index migration_finished on migration (finished_at) where finished_at is not null;

-- Its diary: every change of its state, once.
create table migration_event (
  migration_id uuid not null,
  no           bigint generated always as identity,
  at           timestamptz not null,
  from_state   text,
  to_state     text not null,
  reason       text,
  by_whom      text not null,
  counts       jsonb,
  primary key (migration_id, no)
);

-- Idempotency keys of uploads: taken while the list of that number is staged, and then for as long as the
-- migration lives.
create table migration_key (
  caller       text not null,
  page_id      bigint not null,
  key          text not null,
  list_no      bigint not null,
  migration_id uuid,   -- null: the upload is under way, or was cut short
  sha256       bytea,  -- of the bytes as sent
  primary key (caller, page_id, key)
);
create index migration_key_migration on migration_key (migration_id);

-- For whom the call was made; null for callers who wait.
alter table call add column migration_id uuid;

insert into lease (name) values ('migrations');
