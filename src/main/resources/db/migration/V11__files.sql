-- Changes of what a Page's stored answers look like, by which a download that goes on later is told that its
-- moment is gone ('mapping': one was replaced or erased; 'negative': one stands no longer, or says something
-- else), and by which the removal of a Page learns that somebody brings pairs ('import'). Only appended to,
-- so that nobody waits for anybody; kept for a day and some.
create table view_change (
  page_id bigint not null,
  what    text not null check (what in ('mapping', 'negative', 'import')),
  at      timestamptz not null default ledger_now()
);
create index view_change_page on view_change (page_id, what, at);
create index view_change_at on view_change (at);

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
