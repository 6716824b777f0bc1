package org.psidgateway.testing;

import static java.lang.annotation.ElementType.TYPE;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import java.lang.annotation.Retention;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Runs beside the tests that take turns, those of Quarkus first of all: takes a while, has a
 * database of its own, and leaves alone what a JVM has only once. Never beside a test that locks
 * {@link #MACHINE}.
 */
@Target(TYPE)
@Retention(RUNTIME)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(value = Beside.MACHINE, mode = ResourceAccessMode.READ)
public @interface Beside {

  /** Locked by a test that measures, or breaks what others use. */
  String MACHINE = "the machine";
}
