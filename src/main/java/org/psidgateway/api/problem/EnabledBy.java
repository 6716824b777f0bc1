package org.psidgateway.api.problem;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a resource: unless this key of the configuration is {@code true}, its paths are like those at
 * which there is nothing, whatever the method.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface EnabledBy {
  String value();
}
