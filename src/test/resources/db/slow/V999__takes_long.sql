-- A migration that takes longer than the connections of the pool would allow.
select pg_sleep(4);
