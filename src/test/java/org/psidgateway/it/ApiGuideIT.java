package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.simulator.SimulatedGraph.Fault;
import org.psidgateway.testing.Backing;
import org.psidgateway.testing.FaultyProxy;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;

/** The programs in the guide do what it says: they are extracted from it and run. */
class ApiGuideIT {
  private static final Path GUIDE = Path.of("docs", "api.md");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\n(.*?)^```$");
  private static final Pattern MIGRATION = Pattern.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CALLER_THERE = "\"crm\"";
  private static final String CALLER_HERE = "\"tests\"";
  private static final long[] ASIDS = {10154673853349851L, 1001789542988L};

  /** Long enough ago that downloads have them: a reader is not as fast as a test. */
  private static final String TIME_PASSES =
      "update mapping set resolved_at = resolved_at - interval '1 minute'";

  private static World world;
  private static Pod pod;
  private static Backing.Database otherDatabase;
  private static Pod other;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    world = new World();
    world
        .script()
        .change(
            settings -> { // as in the profile dev
              settings.unmappedSuffixes.add("404");
              settings.invalidSuffixes.add("000");
            });
    for (long page = 101; page <= 103; page++) {
      world.script().page(page, "token-of-" + page);
    }
    pod =
        world
            .pod()
            .with("gateway.pages.\"101\".token", "token-of-101")
            .with("gateway.pages.\"102\".token", "token-of-102")
            .with("gateway.pages.\"103\".token", "token-of-103")
            .start();
    otherDatabase = Backing.freshDatabase();
    other =
        new Pod.Settings(otherDatabase, world.upstream.baseUrl())
            .with("gateway.upstream.kind", "none")
            .without("gateway.pages.\"100\".token")
            .start();
  }

  @AfterAll
  static void stop() {
    other.close();
    pod.close();
    world.close();
  }

  @Test
  void shellCommands_answerWhatTheGuideShows() throws Exception {
    List<MatchResult> blocks = BLOCK.matcher(Files.readString(GUIDE)).results().toList();
    int compared = 0;
    for (int i = 0; i < blocks.size(); i++) {
      String command = blocks.get(i).group(2);
      if (!blocks.get(i).group(1).equals("sh") || command.startsWith("export")) {
        continue;
      }
      world.database.sql().execute(TIME_PASSES);
      otherDatabase.sql().execute(TIME_PASSES);
      if (command.contains("long.txt")) {
        world.script().fault(Fault.slow(500)); // so that there is time to pause it
      }
      String answer = run(100, "sh", "-ec", command);
      if (command.contains("cancelled")) {
        world.script().clearFaults();
      }
      if (i + 1 < blocks.size()) {
        compared += compared(command, answer, blocks.get(i + 1)) ? 1 : 0;
      }
    }
    assertThat(compared).isGreaterThan(10);
  }

  /** With what follows, if that is an answer. */
  private static boolean compared(String command, String answer, MatchResult next)
      throws IOException {
    switch (next.group(1)) {
      case "json" -> {
        JsonNode shown = JSON.readTree(next.group(2).replace(CALLER_THERE, CALLER_HERE));
        JsonNode told = JSON.readTree(answer);
        assertThat(shape(told)).as(command).isEqualTo(shape(shown));
        if (command.contains("/import") || command.contains("counts")) {
          assertThat(told).as(command).isEqualTo(shown);
        }
        return true;
      }
      case "csv" -> {
        assertThat(answer).as(command).isEqualTo(next.group(2));
        return true;
      }
      default -> {
        return false;
      }
    }
  }

  @Test
  void download_goesOn_howeverOftenItIsCut() throws Exception {
    world
        .database
        .sql()
        .execute(
            "insert into page (page_id) values (105)",
            "insert into mapping (page_id, asid, psid, resolved_at)"
                + " select 105, i * 7919::bigint, 1 + i * 15485863::bigint % 982451653, now() - interval '1 hour'"
                + " from generate_series(1, 40000) i");
    Awaitility.await().until(() -> new Gateway(pod).get("/v1/pages/105").status() == 200);
    AtomicInteger opened = new AtomicInteger();
    try (FaultyProxy proxy =
        new FaultyProxy(pod.uri("").getPort(), () -> cutAfter(opened.incrementAndGet()))) {
      String gateway = "http://localhost:" + proxy.port();
      run(gateway, 105, "sh", "-ec", block("sh", "until tail") + block("sh", "sha256sum"));
    }

    String whole =
        run(
            105,
            "curl",
            "-sSf",
            pod.uri("/v1/pages/105/mappings?status=mapped").toString(),
            "-H",
            "Authorization: Bearer " + Pod.KEY,
            "-H",
            "Accept: application/x-ndjson");
    assertThat(opened).hasValue(3);
    assertThat(Files.readString(folder.resolve("page.ndjson"))).isEqualTo(whole);
    assertThat(whole.lines()).hasSize(40_001);
  }

  /** The first connection is cut before an answer has come, the second in the middle of a row. */
  private static FaultyProxy.Tap cutAfter(int connection) {
    AtomicInteger left = new AtomicInteger(connection == 1 ? 10 : 150_001);
    return (way, bytes, count, on) -> {
      if (way == FaultyProxy.Way.TO_CLIENT && connection < 3 && left.addAndGet(-count) < 0) {
        on.write(bytes, 0, Math.max(0, count + left.get()));
        on.flush();
        throw new IOException("cut");
      }
      on.write(bytes, 0, count);
    };
  }

  private static String block(String language, String part) throws IOException {
    return BLOCK
        .matcher(Files.readString(GUIDE))
        .results()
        .filter(block -> block.group(1).equals(language))
        .map(block -> block.group(2))
        .filter(text -> text.contains(part))
        .findFirst()
        .orElseThrow();
  }

  /** All of an answer but its times, counts, percentages, and what names a migration. */
  private static Object shape(JsonNode answer) {
    if (answer.isObject()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      answer.properties().forEach(field -> fields.put(field.getKey(), shape(field.getValue())));
      return fields;
    }
    if (answer.isArray()) {
      List<Object> items = new ArrayList<>();
      answer.forEach(item -> items.add(shape(item)));
      return items;
    }
    boolean isTime = answer.asText().matches("\\d{4}-\\d\\d-\\d\\dT.*");
    boolean isName = MIGRATION.matcher(answer.asText()).matches();
    return isTime || isName || answer.isNumber() ? answer.getNodeType() : answer.asText();
  }

  @TestFactory
  Stream<DynamicTest> programs_waitForWhatIsPending_andSpendNothingTwice() {
    return Stream.of(
        program("python", 101, "resolve.py", "python3"),
        program("java", 102, "Resolve.java", "java", "-cp", jackson()),
        program("typescript", 103, "resolve.mjs", "node"));
  }

  private DynamicTest program(String language, long page, String file, String... command) {
    return DynamicTest.dynamicTest(
        language,
        () -> {
          assumeTrue(isThere(command[0]), command[0]);
          Files.writeString(folder.resolve(file), source(language));
          List<String> line = new ArrayList<>(List.of(command));
          line.add(file);
          int before = world.witness().calls().size();

          world.script().fault(Fault.slow(3500)); // longer than the program is willing to wait
          String printed = run(page, line.toArray(String[]::new));
          world.script().clearFaults();

          assertComplete(printed, page);
          assertThat(world.witness().calls()).hasSize(before + 1);
        });
  }

  @Test
  void program_losesNothing_whenTheQueueIsFull() throws Exception {
    assumeTrue(isThere("python3"), "python3");
    world.script().page(104, "token-of-104");
    try (Pod small =
        world
            .pod()
            .with("gateway.pages.\"104\".token", "token-of-104")
            .with("gateway.batch.max-queued", "1")
            .start()) {
      Files.writeString(folder.resolve("resolve.py"), source("python"));
      world.script().fault(Fault.slow(2500).times(1));
      assertComplete(run(small, 104, "python3", "resolve.py"), 104);
      assertThat(new Gateway(small).metrics())
          .containsPattern(
              "gateway_answers_ids_total\\{reason=\"queue_full\",status=\"failed\"} [1-9]");
    } finally {
      world.script().clearFaults();
    }
  }

  private static String source(String language) throws IOException {
    return BLOCK
        .matcher(Files.readString(GUIDE))
        .results()
        .filter(block -> block.group(1).equals(language))
        .map(block -> block.group(2))
        .collect(Collectors.joining());
  }

  private static void assertComplete(String printed, long page) throws IOException {
    JsonNode psids = JSON.readTree(printed);
    for (long asid : ASIDS) {
      assertThat(psids.path(Long.toString(asid)).asText())
          .isEqualTo(Long.toString(SimulatedGraph.psidOf(page, asid)));
    }
  }

  private static String jackson() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(jar -> jar.matches(".*jackson-(core|databind|annotations)-[0-9].*"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static boolean isThere(String tool) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(place -> Files.isExecutable(Path.of(place, tool)));
  }

  private String run(long page, String... command) throws IOException, InterruptedException {
    return run(pod, page, command);
  }

  private String run(Pod asked, long page, String... command)
      throws IOException, InterruptedException {
    return run(asked.uri("").toString(), page, command);
  }

  private String run(String gateway, long page, String... command)
      throws IOException, InterruptedException {
    File output = folder.resolve("output.txt").toFile();
    File errors = folder.resolve("errors.txt").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(output)
            .redirectError(errors);
    builder
        .environment()
        .putAll(
            Map.of(
                "GATEWAY",
                gateway,
                "KEY",
                Pod.KEY,
                "OTHER",
                other.uri("").toString(),
                "OTHER_KEY",
                Pod.KEY,
                "PAGE",
                Long.toString(page),
                "TOKEN",
                "token-of-" + page));
    Process process = builder.start();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly();
    String printed = Files.readString(output.toPath()) + Files.readString(errors.toPath());
    assertThat(ended).as(printed).isTrue();
    assertThat(process.exitValue()).as(printed).isZero();
    return Files.readString(output.toPath());
  }
}
