package org.psidgateway.chaos;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.psidgateway.testing.Backing.Database;

/**
 * Triggers that record what the rows forget: which call carried which id, which calls were ever
 * uncertain, every cooldown. They write in the transaction that they watch, so that what was rolled
 * back is not in the record.
 */
final class Recorder {
  private static final String SQL =
      """
      create schema chaos;
      create table chaos.carried (call_id uuid, page_id bigint, asid bigint, txid bigint);
      create index on chaos.carried (call_id, asid);
      create table chaos.ended (call_id uuid, state text);
      create table chaos.cooled (page_id bigint, until timestamptz);

      create function chaos.carry() returns trigger language plpgsql as $$ begin
        insert into chaos.carried values (new.call_id, new.page_id, new.asid, txid_current());
        return null; end $$;
      create trigger carry after insert or update of call_id on claim
        for each row execute function chaos.carry();

      -- Claimed and given up again in the same breath: the id was known, or did not fit in.
      create function chaos.put_back() returns trigger language plpgsql as $$ begin
        delete from chaos.carried
         where call_id = old.call_id and asid = old.asid and txid = txid_current();
        return null; end $$;
      create trigger put_back after delete on claim
        for each row execute function chaos.put_back();
      create trigger put_back_marked after update of lapses_at on claim
        for each row when (new.lapses_at < 'infinity') execute function chaos.put_back();

      create function chaos.finish() returns trigger language plpgsql as $$ begin
        insert into chaos.ended values (new.call_id, new.state);
        return null; end $$;
      create trigger finish after update of state on call
        for each row when (old.state <> new.state) execute function chaos.finish();

      create function chaos.cool() returns trigger language plpgsql as $$ begin
        if new.cooldown_until > clock_timestamp()
           and (tg_op = 'INSERT' or new.cooldown_until <> old.cooldown_until) then
          insert into chaos.cooled values (new.page_id, new.cooldown_until);
        end if;
        return null; end $$;
      create trigger cool after insert or update on standing
        for each row execute function chaos.cool();
      """;

  private Recorder() {}

  static void install(Database database) {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(SQL);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
