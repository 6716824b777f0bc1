package org.psidgateway.chaos;

import java.time.InstantSource;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.simulator.SimulatorScript;
import org.psidgateway.testing.Backing.Database;

/** What pods share. The servers outlive an arena; database and upstream are its own. */
record Services(ChaosPostgres postgres, ChaosRedis redis, SimulatedGraph graph, Database database)
    implements AutoCloseable {

  static Services of(ChaosPostgres postgres, ChaosRedis redis) {
    Database database = postgres.newDatabase();
    Recorder.install(database);
    redis.flush();
    SimulatorScript script =
        new SimulatorScript("app-secret").page(100, "token-of-100").page(200, "token-of-200");
    script.change(
        settings -> {
          settings.unmappedSuffixes.add("04");
          settings.invalidSuffixes.add("777");
          settings.partialSuffixes.add("06");
        });
    return new Services(
        postgres, redis, SimulatedGraph.start(0, script, InstantSource.system()), database);
  }

  String databaseName() {
    String url = database.jdbcUrl();
    return url.substring(url.lastIndexOf('/') + 1);
  }

  @Override
  public void close() {
    graph.close();
  }
}
