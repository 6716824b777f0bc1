-- Which upstream said so: what one of them left out does not bind another. 0 is pages_id_mapping, 1 ID
-- Matching. The default is that of pods of the version before, which know only the first.
alter table negative add column upstream smallint not null default 0;

-- When the upstream said that this id does not exist; believed only if it says so once more, within a day.
alter table claim add column missing_at timestamptz;

-- PSIDs that came from an upstream without a lifetime quota: those of the other one are in the calls.
alter table budget add column matched bigint not null default 0;

-- A claim of page 0 holds an id for all Pages at once; a call of page 0 asks about all of them.
comment on column claim.page_id is '0: the id is claimed for all Pages at once';
comment on column call.page_id is '0: asks about all Pages at once';
