package org.psidgateway.api.problem;

import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Singleton;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * Which paths there are, and which methods each takes. The framework knows too, but looks at the
 * method first: it takes {@code GET …/mappings/resolve} for the look-up of an id.
 */
@Singleton
class Routes {
  /** The framework's own, which takes any method for GET. */
  private static final List<String> DESCRIPTIONS = List.of("/q/openapi", "/q/swagger-ui");

  private final List<Route> all;
  private final List<Route> off;

  Routes(BeanManager beans, Config config) {
    Map<String, TreeSet<String>> methods = new TreeMap<>();
    Map<String, TreeSet<String>> disabled = new TreeMap<>();
    for (Bean<?> bean : beans.getBeans(Object.class, Any.Literal.INSTANCE)) {
      Path root = bean.getBeanClass().getAnnotation(Path.class);
      if (root != null) {
        for (Method method : bean.getBeanClass().getMethods()) {
          add(root.value(), method, isOn(bean, config) ? methods : disabled);
        }
      }
    }
    for (String description : DESCRIPTIONS) {
      methods.put(description, new TreeSet<>(Set.of(HttpMethod.GET)));
    }
    all = routes(methods);
    off = routes(disabled);
  }

  /** A literal beats a parameter. */
  private static List<Route> routes(Map<String, TreeSet<String>> methods) {
    return methods.entrySet().stream()
        .map(entry -> new Route(entry.getKey(), entry.getValue()))
        .sorted(Comparator.comparing(Route::parameters))
        .toList();
  }

  private static boolean isOn(Bean<?> bean, Config config) {
    EnabledBy key = bean.getBeanClass().getAnnotation(EnabledBy.class);
    return key == null || config.getOptionalValue(key.value(), Boolean.class).orElse(Boolean.FALSE);
  }

  private static void add(String root, Method method, Map<String, TreeSet<String>> methods) {
    for (Annotation annotation : method.getAnnotations()) {
      HttpMethod http = annotation.annotationType().getAnnotation(HttpMethod.class);
      if (http != null) {
        Path path = method.getAnnotation(Path.class);
        String template = (root + (path == null ? "" : "/" + path.value())).replaceAll("/+", "/");
        methods.computeIfAbsent(template, each -> new TreeSet<>()).add(http.value());
      }
    }
  }

  /** Where {@code path} leads, whatever the method; empty if nowhere. */
  Optional<Route> find(String path) {
    return find(path, all);
  }

  /** Whether {@code path} leads to what is not enabled; see {@link EnabledBy}. */
  boolean isOff(String path) {
    return find(path, off).isPresent();
  }

  private static Optional<Route> find(String path, List<Route> routes) {
    String[] parts =
        (path.endsWith("/") ? path.substring(0, path.length() - 1) : path).split("/", -1);
    for (Route route : routes) {
      if (route.matches(parts)) {
        return Optional.of(route);
      }
    }
    return Optional.empty();
  }

  /** The path with nothing but names in its braces. */
  static String named(String path) {
    return Route.PARAMETER.matcher(path).replaceAll("{$1}");
  }

  /** One path with its parameters in braces. */
  static final class Route {
    private static final Pattern ANYTHING = Pattern.compile(".+", Pattern.DOTALL);
    static final Pattern PARAMETER = Pattern.compile("\\{\\s*(\\w+)\\s*:\\s*([^}]*)}");

    private final String template;
    private final String[] parts;
    private final @Nullable Pattern[] forms;
    private final TreeSet<String> methods;

    private Route(String path, TreeSet<String> methods) {
      this.template = named(path);
      this.parts = template.split("/", -1);
      this.forms = Stream.of(path.split("/", -1)).map(Route::form).toArray(Pattern[]::new);
      this.methods = methods;
      if (methods.contains(HttpMethod.GET)) {
        methods.add(HttpMethod.HEAD);
      }
      methods.add(HttpMethod.OPTIONS);
    }

    private boolean matches(String[] of) {
      if (of.length != parts.length) {
        return false;
      }
      for (int i = 0; i < parts.length; i++) {
        Pattern form = forms[i];
        if (form == null ? !parts[i].equals(of[i]) : !form.matcher(of[i]).matches()) {
          return false;
        }
      }
      return true;
    }

    /** That of a parameter, which is anything unless the path says more; null for a literal. */
    private static @Nullable Pattern form(String part) {
      Matcher parameter = PARAMETER.matcher(part);
      if (parameter.matches()) {
        return Pattern.compile(parameter.group(2));
      }
      return isParameter(part) ? ANYTHING : null;
    }

    private int parameters() {
      int parameters = 0;
      for (String part : parts) {
        parameters += isParameter(part) ? 1 : 0;
      }
      return parameters;
    }

    private static boolean isParameter(String part) {
      return part.startsWith("{");
    }

    String template() {
      return template;
    }

    boolean takes(String method) {
      return methods.contains(method);
    }

    /** The value of {@code Allow}. */
    String allow() {
      return String.join(", ", methods);
    }
  }
}
