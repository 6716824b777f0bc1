-- The upstream counts calls as they arrive, the ledger as it grants them. `arrives_by` is the latest moment
-- at which a call can arrive: grant plus the deadline that its pod has set itself. The pace counts by it.
-- The default is the deadline of pods of the version before, which don't name one.
alter table call
  add column arrives_by timestamptz not null default 'epoch', -- a constant: existing rows are not rewritten
  add column cost integer not null default 1 check (cost > 0); -- calls it counts as at the upstream's limit
alter table call alter column arrives_by set default ledger_now() + interval '250 milliseconds';
-- Those that a pace may still count. None counts more than so many.
update call set arrives_by = granted_at + interval '250 milliseconds'
 where paced and grant_no > (select grants - 100000 from budget);

-- Read backwards by each grant, from the latest arrival, as far as the pace's number of calls.
create index call_arriving on call (arrives_by) include (cost) where paced;
create index call_page_arriving on call (page_id, arrives_by) include (cost) where paced;
create index call_page_expiring on call (page_id, expires_at) where state = 'granted';

-- Answers in a row, or, below zero, calls in a row that ended uncertain. Beyond the cap of uncertain units
-- it says how large the next call may be, and how long to wait for it.
alter table budget add column streak integer not null default 0;

-- Claims that lapse by themselves, for a clock that ran ahead and was set right.
create index claim_lapsing on claim (lapses_at) where lapses_at <> 'infinity';
