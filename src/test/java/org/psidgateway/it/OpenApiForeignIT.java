package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.testing.Foreign;
import org.psidgateway.testing.ForeignCondition;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;
import org.psidgateway.testing.Program;

/** The tools of callers take the OpenAPI document, in both renderings: a linter, two generators. */
@Foreign({Program.NODE, Program.NPM})
class OpenApiForeignIT {
  private static final Path WRITTEN =
      Path.of("src", "main", "resources", "META-INF", "openapi.yaml").toAbsolutePath();
  private static final Path OURS = Path.of("src", "test", "openapi");
  private static final Path JAVA_GENERATOR =
      Path.of("target", "openapi-generator", "openapi-generator-cli.jar").toAbsolutePath();
  private static final String JAVA_HOME = System.getProperty("java.home");
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  @TempDir static Path folder;

  private static World world;
  private static Pod pod;

  /** What the gateway serves. */
  private enum Rendering {
    OPENAPI_3_1("/q/openapi"),
    OPENAPI_3_0("/q/openapi-3.0");

    private final String path;

    Rendering(String path) {
      this.path = path;
    }

    Path document() {
      return folder.resolve(name() + ".yaml");
    }

    /** Asked for by one test alone. */
    long asid(int test) {
      return 474_100_000L + test * 10L + ordinal();
    }
  }

  @BeforeAll
  static void start() throws Exception {
    for (File file : OURS.toFile().listFiles()) {
      Files.copy(file.toPath(), folder.resolve(file.getName()));
    }
    Result packages = run(folder, "npm", "ci", "--prefer-offline", "--ignore-scripts");
    ForeignCondition.demand(packages.code == 0, "npm ci does not work: " + packages.printed);
    world = new World();
    pod = world.pod().start();
    for (Rendering rendering : Rendering.values()) {
      Files.writeString(rendering.document(), new Gateway(pod).get(rendering.path).text());
    }
  }

  @AfterAll
  static void stop() {
    if (world != null) {
      pod.close();
      world.close();
    }
  }

  @Test
  void linter_findsNothing() throws Exception {
    List<String> command = new ArrayList<>(List.of(npm("redocly"), "lint", WRITTEN.toString()));
    Stream.of(Rendering.values()).forEach(each -> command.add(each.document().toString()));
    succeed(folder, command);
    assertThat(Rendering.OPENAPI_3_0.document()).content().contains("openapi: 3.0.");
    assertThat(Rendering.OPENAPI_3_1.document()).content().contains("openapi: 3.1.");
  }

  @ParameterizedTest
  @EnumSource
  void typescriptClient_compiles_andResolves(Rendering rendering) throws Exception {
    Path project = Files.createDirectory(folder.resolve("typescript-" + rendering));
    for (String file : new String[] {"client.ts", "tsconfig.json", "package.json"}) {
      Files.copy(OURS.resolve(file), project.resolve(file));
    }
    succeed(
        project,
        List.of(
            npm("openapi-typescript"),
            rendering.document().toString(),
            "--default-non-nullable=false",
            "--output=gateway.ts"));
    succeed(project, List.of(npm("tsc"), "--project", "."));
    resolves(rendering.asid(1), project, "node", "client.js");
  }

  @ParameterizedTest
  @EnumSource
  void javaClient_compiles_andResolves(Rendering rendering) throws Exception {
    ForeignCondition.demand(
        Files.exists(JAVA_GENERATOR), "-Dforeign.required fetches " + JAVA_GENERATOR.getFileName());
    Path project = Files.createDirectory(folder.resolve("java-" + rendering));
    succeed(
        project,
        List.of(
            tool("java"),
            "-XX:TieredStopAtLevel=1",
            "-jar",
            JAVA_GENERATOR.toString(),
            "generate",
            "--generator-name=java",
            "--library=native",
            "--input-spec=" + rendering.document(),
            "--additional-properties=openApiNullable=false,useJakartaEe=true",
            "--global-property=apiTests=false,modelTests=false,apiDocs=false,modelDocs=false"));
    List<String> compiler =
        new ArrayList<>(
            List.of(
                tool("javac"),
                "-J-XX:TieredStopAtLevel=1",
                "-proc:none",
                "-d",
                "classes",
                "-cp",
                CLASS_PATH));
    compiler.add(folder.resolve("Client.java").toString());
    try (Stream<Path> sources = Files.walk(project.resolve("src"))) {
      sources.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(compiler::add);
    }
    succeed(project, compiler);
    String classes = project.resolve("classes") + File.pathSeparator + CLASS_PATH;
    resolves(rendering.asid(2), project, tool("java"), "-cp", classes, "Client");
  }

  /** Both programs print the PSID, and how many ids the latest call of the ledger asked for. */
  private static void resolves(long asid, Path project, String... command) throws Exception {
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(List.of(pod.uri("").toString(), Pod.KEY, Long.toString(asid)));
    assertThat(succeed(project, line).strip())
        .isEqualTo(SimulatedGraph.psidOf(World.PAGE, asid) + " 1");
  }

  private static String tool(String name) {
    return Path.of(JAVA_HOME, "bin", name).toString();
  }

  private static String npm(String name) {
    return folder.resolve("node_modules").resolve(".bin").resolve(name).toString();
  }

  private static String succeed(Path project, List<String> command) throws Exception {
    Result result = run(project, command.toArray(String[]::new));
    assertThat(result.code).as(command.get(0) + "\n" + result.printed).isZero();
    return result.printed;
  }

  private record Result(int code, String printed) {}

  private static Result run(Path project, String... command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(project.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    Process process = builder.start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.destroyForcibly();
    return new Result(ended ? process.exitValue() : -1, Files.readString(output));
  }
}
