-- What pods may hold a copy of and has changed. Every pod reads the new rows every few seconds; they are
-- written in the transaction of the change, so that none is lost with a crash.
create table invalidation (
  seq     bigint generated always as identity primary key,
  what    text not null check (what in ('page', 'mapping', 'person')),
  page_id bigint check ((page_id is null) = (what = 'person')),
  asid    bigint check ((asid is null) = (what = 'page')),
  -- Numbers are given out in one order and committed in another. What a reader could not see yet was
  -- written by a transaction not older than the oldest one that ran while it read: there it reads on.
  xid     xid8 not null default pg_current_xact_id(),
  at      timestamptz not null default ledger_now()
);
create index invalidation_xid on invalidation (xid);
create index invalidation_at on invalidation (at);

-- By a trigger, so that nobody who changes a Page can forget to say so, an operator at a prompt included.
create function tell_page_changed() returns trigger
  language plpgsql
  as $$
    begin
      insert into invalidation (what, page_id) values ('page', coalesce(new.page_id, old.page_id));
      return null;
    end
  $$;
create trigger page_changed after insert or update or delete on page
  for each row execute function tell_page_changed();
