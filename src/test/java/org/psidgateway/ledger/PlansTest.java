package org.psidgateway.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.psidgateway.ledger.HotStatements.HotStatement;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.Beside;
import org.psidgateway.testing.SqlStatement;

/**
 * Hot statements are cheap by PostgreSQL's own estimate, whatever it knows of the tables and
 * however full they are: what it thinks expensive it may plan badly, and with a JIT, compiles each
 * time.
 */
@Beside
class PlansTest {
  private static final Pattern LOOK_UP =
      Pattern.compile("(?is)\\s*(select|with)\\b.*\\bfrom\\s+mapping\\b.*");
  private static final Pattern WRITES = Pattern.compile("(?is).*\\b(insert|update|delete)\\b.*");

  private final List<String> dear = new ArrayList<>();
  private final Map<String, Double> highest = new LinkedHashMap<>();

  Backing.Database database() {
    return Backing.freshDatabase();
  }

  int mappings() {
    return 300_000;
  }

  int calls() {
    return 300_000;
  }

  @Test
  void hotStatements_areCheap_withAndWithoutStatistics_onEmptyTablesAndOnFullOnes()
      throws Exception {
    HotStatements hot = HotStatements.record();
    try (Connection connection =
        AsPackaged.connections(database(), "-c statement_timeout=0").getConnection()) {
      Filled filled = new Filled(connection);
      filled.leaveAlone();
      explain(hot, connection, "empty, never analysed");
      filled.analyze();
      explain(hot, connection, "empty, analysed");
      filled.fill(mappings(), calls());
      explain(hot, connection, "full, analysed when empty");
      filled.forgetStatistics();
      explain(hot, connection, "full, never analysed");
      filled.analyze();
      explain(hot, connection, "full, analysed");
    }
    highest.forEach(
        (what, cost) ->
            System.getLogger("plans")
                .log(Level.INFO, "highest cost of %s: %.0f".formatted(what, cost)));
    assertThat(hot.all()).hasSizeGreaterThan(15);
    assertThat(dear).isEmpty();
  }

  private void explain(HotStatements hot, Connection connection, String state) throws SQLException {
    Plans plans = new Plans(connection, hot.settings());
    for (HotStatement statement : hot.all()) {
      for (Plans.Kind kind : Plans.Kind.values()) {
        JsonNode plan = plans.of(statement.sql(), kind);
        String what = statement.what() + ": " + statement.sql().head();
        highest.merge(what, Plans.cost(plan), Math::max);
        if (Plans.cost(plan) > most(statement.sql())) {
          dear.add(
              "%s, %s, %s: cost %.0f"
                  .formatted(
                      what, state, kind.toString().toLowerCase(Locale.ROOT), Plans.cost(plan)));
        }
        if (state.startsWith("full") && Plans.reads(plan, "call")) {
          dear.add("%s, %s, %s: reads all calls".formatted(what, state, kind));
        }
      }
    }
  }

  private static double most(SqlStatement sql) {
    boolean lookUp = LOOK_UP.matcher(sql.text()).matches() && !WRITES.matcher(sql.text()).matches();
    if (!lookUp) {
      return 1_000;
    }
    return sql.longestList() <= 400 ? 10_000 : 50_000;
  }
}
