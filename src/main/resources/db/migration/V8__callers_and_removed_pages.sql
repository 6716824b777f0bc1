-- Whose ids a call asks: by name, how many ids each caller asked first, and, once PSIDs came back, how many
-- of them are theirs. Null: granted by a pod of the version before, which does not say.
alter table call
  add column callers text[],
  add column caller_ids integer[],
  add column caller_psids integer[];

-- Pages that were removed: what configuration had seeded, so that a seed that is still there does not bring
-- them back, and the last revision of their token, so that a late error of it can't pause a later one.
create table removed_page (
  page_id        bigint primary key,
  seeded_name    text,
  seeded_fans    bigint,
  seeded_test    boolean,
  seeded_token   text,
  token_revision integer not null,
  removed_at     timestamptz not null default ledger_now()
);
