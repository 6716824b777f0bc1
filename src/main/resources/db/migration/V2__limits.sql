-- How this deployment stands with the upstream's limits: page 0 is the whole app. Read with every grant,
-- changed only by who holds the lock of the budget row.
create table standing (
  page_id        bigint primary key check (page_id >= 0),
  cooldown_until timestamptz not null default 'epoch',  -- no call is granted until then
  strikes        integer not null default 0,            -- throttles in a row; while above 0, one probe at a time
  probe          uuid,                                  -- the call that may find out whether it is over
  probe_until    timestamptz not null default 'epoch',  -- a dead prober blocks nobody for longer
  refused_probes integer not null default 0,            -- in a row, while the upstream told of little use
  usage          integer,                               -- percent, as told last; null: never told
  usage_at       timestamptz not null default 'epoch',
  next_grant_at  timestamptz not null default 'epoch',  -- of a Page with a pace of its own
  closures       integer not null default 0,            -- answers in a row that the API is no more
  denied_page    bigint,                                -- the Page that was told "not allowed" last
  suspected_until timestamptz not null default 'epoch', -- no call is granted until then but for a suspicion
  suspicion      text check (suspicion in ('upstream_quota_suspected', 'window_suspected_closed'))
) with (fillfactor = 50);
insert into standing (page_id) values (0);
insert into standing (page_id, cooldown_until, strikes)
select page_id, until, strikes from cooldown
    on conflict (page_id) do update set cooldown_until = excluded.cooldown_until, strikes = excluded.strikes;
drop table cooldown;

alter table budget
  add column interactive_until timestamptz not null default 'epoch', -- somebody waits: background yields
  add column background_until  timestamptz not null default 'epoch', -- background is due: interactive yields
  add column background_at     timestamptz not null default 'epoch', -- the latest background grant
  add column sealed_at         timestamptz,                          -- the app's owner closed the upstream for good
  add column server_started    timestamptz,                          -- when it changes, PostgreSQL was restarted
  add column quiet_until       timestamptz not null default 'epoch'; -- nothing is swept until then

alter table call
  add column retry boolean not null default false,
  add column probe boolean not null default false,
  drop constraint call_state_check,
  add constraint call_state_check
    check (state in ('granted', 'settled', 'released', 'uncertain', 'reconciled'));
create index call_page_paced on call (page_id, grant_no) include (granted_at) where paced;
create index call_recent on call (granted_at);
create index call_uncertain on call (granted_at) where state = 'uncertain';

-- The upstream's own figure, written down by an admin. Numbered with the grants: one order for all entries.
create table reconciliation (
  entry_no   bigint primary key,
  committed  bigint not null,      -- the upstream's figure
  was        bigint not null,      -- what the ledger had committed
  cleared    bigint not null,      -- uncertain units that the figure settles
  as_of      timestamptz not null, -- calls granted later are not in the figure
  note       text not null,
  noted_by   text not null,
  noted_at   timestamptz not null
);

-- Who does what only one pod may do at a time. The fence grows with every change of hands.
create table lease (
  name   text primary key,
  holder uuid,
  fence  bigint not null default 0,
  until  timestamptz not null default 'epoch'
);
insert into lease (name) values ('sweeper');

-- The way back from micros().
create function at_micros(micros bigint) returns timestamptz
  language sql stable strict
  as $$ select timestamptz 'epoch' + micros * interval '1 microsecond' $$;
