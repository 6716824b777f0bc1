-- Changes of a Page's stored answers by which a download that goes on later is told that its moment is gone
-- ('mapping': one was replaced or erased), and by which the removal of a Page learns that somebody brings
-- pairs ('import'). Only appended to, so that nobody waits for anybody; kept for a day.
create table view_change (
  page_id bigint not null,
  what    text not null check (what in ('mapping', 'import')),
  at      timestamptz not null default ledger_now()
);
create index view_change_page on view_change (page_id, what, at);
create index view_change_at on view_change (at);

-- Negatives as they stood before they gave way to a mapping, or were written anew: what downloads show that
-- are of an earlier moment. Kept for a day.
create table superseded_negative (
  page_id     bigint not null,
  asid        bigint not null,
  verdict     smallint not null,
  upstream    smallint not null,
  resolved_at timestamptz not null,
  checked_at  timestamptz not null,
  at          timestamptz not null
);
create index superseded_negative_asid on superseded_negative (page_id, asid, at);
create index superseded_negative_at on superseded_negative (at);

-- Invalidations to be written once more: a request that read an answer before it changed may put it into a
-- cache after all pods have dropped it.
create table later_invalidation (
  page_id bigint not null,
  asid    bigint not null,
  due_at  timestamptz not null
);
create index later_invalidation_due on later_invalidation (due_at);

-- Tables that hold the rows of a file until they are merged, one a file. Whoever fills one moves `until` on;
-- a table whose time is over belongs to a pod that died, and is dropped by any other.
create table staging (
  name    text primary key,
  page_id bigint not null,
  until   timestamptz not null
);
