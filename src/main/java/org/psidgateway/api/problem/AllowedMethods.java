package org.psidgateway.api.problem;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Singleton;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What to put into {@code Allow}: the framework refuses a method without saying which it takes. */
@Singleton
class AllowedMethods {
  private final List<Allowed> all = new ArrayList<>();

  private record Allowed(Pattern path, String method) {}

  AllowedMethods(BeanManager beans) {
    for (Bean<?> bean : beans.getBeans(Object.class, Any.Literal.INSTANCE)) {
      Path root = bean.getBeanClass().getAnnotation(Path.class);
      if (root != null) {
        for (Method method : bean.getBeanClass().getMethods()) {
          add(root.value(), method);
        }
      }
    }
  }

  private void add(String root, Method method) {
    Path path = method.getAnnotation(Path.class);
    String template = root + (path == null ? "" : "/" + path.value());
    String regex = template.replaceAll("/+", "/").replaceAll("\\{[^}]*}", "[^/]+");
    for (Annotation annotation : method.getAnnotations()) {
      HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
      if (http != null) {
        all.add(new Allowed(Pattern.compile(regex + "/?"), http.value()));
      }
    }
  }

  /** The methods that {@code path} takes, comma-separated. */
  String of(String path) {
    TreeSet<String> methods = new TreeSet<>();
    for (Allowed allowed : all) {
      if (allowed.path().matcher(path).matches()) {
        methods.add(allowed.method());
      }
    }
    if (methods.contains(HttpMethod.GET)) {
      methods.add(HttpMethod.HEAD);
    }
    methods.add(HttpMethod.OPTIONS);
    return String.join(", ", methods);
  }
}
