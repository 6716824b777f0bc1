-- The upstream rejects the app's proof: of all Pages (page 0), or of one whose token belongs to another app.
alter table standing
  drop constraint standing_suspicion_check,
  add constraint standing_suspicion_check
    check (suspicion in ('upstream_quota_suspected', 'window_suspected_closed', 'app_secret_rejected'));
