-- Whose database this is, in one row that the first start writes. Its id is random, and names this
-- deployment in what it shares with others, such as Redis. The database it was drawn in is kept beside it:
-- in a copy (a dump restored elsewhere, `create database … template …`) another id is drawn.
create table deployment (
  one          boolean primary key default true check (one),
  app_id       text not null,
  id           text not null check (id ~ '^[0-9a-f]{16}$'),
  system_id    bigint not null, -- of the cluster; a standby has that of its primary
  database_oid bigint not null, -- within the cluster
  drawn_at     timestamptz not null default ledger_now()
);
