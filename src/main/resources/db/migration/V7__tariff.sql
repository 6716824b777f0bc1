-- Whether a call's PSIDs count against the lifetime quota, which depends on the upstream that was asked: one
-- that does not spend it holds no units, is never uncertain in units, and adds nothing to what is committed.
alter table call add column spends boolean not null default true;
