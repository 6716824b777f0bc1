package org.psidgateway.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.commons.support.AnnotationSupport.findAnnotation;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Lets a test run if the programs that it is {@link Foreign} for are installed. */
public final class ForeignCondition implements ExecutionCondition {
  private static final System.Logger LOG = System.getLogger("foreign");

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    List<Program> missing =
        findAnnotation(context.getElement(), Foreign.class).stream()
            .flatMap(foreign -> Stream.of(foreign.value()))
            .filter(program -> program.find().isEmpty())
            .toList();
    ConditionEvaluationResult result = judge(missing, isRequired());
    if (result.isDisabled()) {
      LOG.log(
          Level.WARNING,
          "skipped: {0}: {1}",
          context.getRequiredTestClass().getSimpleName(),
          result.getReason().orElse(""));
    }
    return result;
  }

  /**
   * For what a program has to fetch first: skips the test if it is not there, or fails it if {@code
   * -Dforeign.required} is set.
   */
  public static void demand(boolean there, String otherwise) {
    if (!there && !isRequired()) {
      LOG.log(Level.WARNING, "skipped: {0}", otherwise);
    }
    assumeTrue(there || isRequired(), otherwise);
    if (!there) {
      throw new IllegalStateException(otherwise + ", and -Dforeign.required asks for it");
    }
  }

  private static boolean isRequired() {
    return !System.getProperty("foreign.required", "false").equals("false");
  }

  static ConditionEvaluationResult judge(List<Program> missing, boolean required) {
    if (missing.isEmpty()) {
      return ConditionEvaluationResult.enabled("nothing foreign is missing");
    }
    String reason = missing.stream().map(Program::missing).collect(Collectors.joining(", "));
    if (required) {
      throw new IllegalStateException(reason + ", and -Dforeign.required asks for it");
    }
    return ConditionEvaluationResult.disabled(reason);
  }
}
