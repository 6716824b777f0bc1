package org.psidgateway.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Needs programs of a distribution. If one is missing the test is skipped, or fails if {@code
 * -Dforeign.required} is set.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Tag("foreign")
@ExtendWith(ForeignCondition.class)
public @interface Foreign {
  Program[] value();
}
