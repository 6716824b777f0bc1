-- What a Page is found by if a program brings nothing but its token: a keyed digest, which begins with a mark of
-- its key. It counts only for the revision of the token that it names: pods of the version before replace a
-- token and leave the digest as it is. The next start digests what lacks one.
alter table page
  add column token_digest bytea,
  add column token_digest_revision integer;
