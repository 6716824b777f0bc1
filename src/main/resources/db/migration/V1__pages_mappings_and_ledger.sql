-- Time for everything that is promised about spending: the database's own, so that pods with crooked
-- clocks agree. Volatile on purpose: it must be read after a row lock was waited for. Tests shift it.
create function ledger_now() returns timestamptz
  language sql volatile parallel safe
  as $$
    select clock_timestamp()
         + coalesce(nullif(current_setting('gateway.clock_shift', true), '')::interval, interval '0')
  $$;

-- Microseconds since the epoch, for arithmetic in the application; null stays null.
create function micros(t timestamptz) returns bigint
  language sql immutable strict parallel safe
  as $$ select (extract(epoch from t) * 1000000)::bigint $$;

-- ---------------------------------------------------------------------------------------- Pages

create table page (
  page_id        bigint primary key check (page_id > 0),
  name           text,
  fans           bigint check (fans >= 0),
  test_page      boolean not null default false,
  paused         boolean not null default false,
  pause_reason   text,
  token          bytea,                       -- encrypted, the page id as associated data
  token_revision integer not null default 0,  -- 0: none; a late error of an old token can't pause a new one
  seeded_name    text,                        -- what configuration seeded last: only a change of it is applied
  seeded_fans    bigint,
  seeded_test    boolean,
  seeded_token   text,                        -- a digest
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now()
);

-- ------------------------------------------------------------------------------------- mappings

-- A row is 60 bytes, its two index entries about 65 more. `asid` leads the key, so that one person can
-- be found on every Page; partitions go by Page, so that a list touches exactly one of them.
create table mapping (
  page_id     bigint not null,
  asid        bigint not null,
  psid        bigint not null,
  resolved_at timestamptz not null,
  primary key (asid, page_id)
) partition by hash (page_id);

-- What the upstream refused or left out. Apart from the mappings, because it expires and they do not:
-- a mapping never yields to a negative, a negative always yields to a mapping.
create table negative (
  page_id     bigint not null,
  asid        bigint not null,
  verdict     smallint not null check (verdict in (-1, -2)), -- unmapped, rejected
  resolved_at timestamptz not null,
  checked_at  timestamptz not null,
  primary key (asid, page_id)
) partition by hash (page_id);

do $$
begin
  for i in 0..15 loop
    execute format('create table mapping_%s partition of mapping for values with (modulus 16, remainder %s)', i, i);
    execute format('create table negative_%s partition of negative for values with (modulus 16, remainder %s)', i, i);
  end loop;
end $$;

-- The reverse look-up. A hash index holds four bytes of the key instead of sixteen.
create index mapping_psid on mapping using hash (psid);

-- --------------------------------------------------------------------------------------- ledger

-- One row an upstream call, whatever became of it.
create table call (
  call_id    uuid primary key,
  page_id    bigint not null,
  lane       text not null,
  state      text not null check (state in ('granted', 'settled', 'released', 'uncertain')),
  grant_no   bigint not null unique,          -- in the order of the grants
  paced      boolean not null default true,   -- false: it never left, so the pace has it back
  isolation  boolean not null default false,  -- made to find the bad id of a batch
  asked      integer not null,                -- units held: as many as ids
  returned   integer,                         -- units committed: PSIDs in the answer
  outcome    text,
  granted_at timestamptz not null,
  expires_at timestamptz not null,            -- from then on nobody may expect an answer
  settled_at timestamptz
);
create index call_paced on call (grant_no) include (granted_at) where paced;
create index call_isolation on call (granted_at) where isolation;
create index call_expiring on call (expires_at) where state = 'granted';

-- Who is asking which id. Logged: a claim lost in a crash would let an id be asked twice.
create table claim (
  page_id   bigint not null,
  asid      bigint not null,
  call_id   uuid not null,
  lapses_at timestamptz not null,      -- from then on another call may take it over
  uncertain smallint not null default 0, -- how many calls for this id ended uncertain
  primary key (asid, page_id)
);
create index claim_call on claim (call_id);

-- The one row that every grant passes, locked last and for the shortest time.
create table budget (
  one           boolean primary key default true check (one),
  committed     bigint not null default 0 check (committed >= 0),
  held          bigint not null default 0 check (held >= 0),
  uncertain     bigint not null default 0 check (uncertain >= 0),
  grants        bigint not null default 0,  -- the latest grant_no
  next_grant_at timestamptz not null default 'epoch' -- theoretical arrival time of the GCRA
) with (fillfactor = 10); -- room for HOT updates on the page
insert into budget default values;

-- No call is granted until then. Page 0 stands for the whole app.
create table cooldown (
  page_id bigint primary key check (page_id >= 0),
  until   timestamptz not null,
  strikes integer not null  -- throttles in a row: doubles the wait where the upstream names none
);
