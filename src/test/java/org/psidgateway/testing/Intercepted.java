package org.psidgateway.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** An object whose calls somebody else takes. */
public final class Intercepted {
  private Intercepted() {}

  public interface Calls {
    Object take(Method method, Object[] args) throws Exception;
  }

  public static <T> T of(Class<T> type, Calls calls) {
    return type.cast(
        Proxy.newProxyInstance(
            Intercepted.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, args) -> {
              try {
                return calls.take(method, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
