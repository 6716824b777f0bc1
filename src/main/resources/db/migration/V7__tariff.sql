-- Whether a call's PSIDs count against the lifetime quota, which depends on the upstream that was asked: one
-- that does not spend it holds no units, is never uncertain in units, and adds nothing to what is committed.
alter table call add column spends boolean not null default true;

comment on column reconciliation.as_of is 'the moment of the figure: units of calls that were settled later are added to it';
