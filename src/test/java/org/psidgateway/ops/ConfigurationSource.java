package org.psidgateway.ops;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import io.smallrye.config.common.utils.StringUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The keys of all {@code @ConfigMapping} interfaces, with their Javadoc, which is in the sources
 * alone.
 */
final class ConfigurationSource {
  private static final Pattern LITERAL = Pattern.compile("\"(.*)\"", Pattern.DOTALL);
  private static final Pattern MAP = Pattern.compile("Map<String, (\\w+)>");

  private final Map<String, Key> keys = new TreeMap<>();

  /** The constants of enums that stand by themselves, by the name of their type. */
  private final Map<String, String> enums = new HashMap<>();

  /**
   * A key.
   *
   * @param type as it is written in the source
   */
  record Key(String name, String type, Optional<String> byDefault, String meaning) {}

  private ConfigurationSource() {}

  static Map<String, Key> read(Path sources) throws IOException {
    ConfigurationSource configuration = new ConfigurationSource();
    List<Path> files;
    try (Stream<Path> all = Files.walk(sources)) {
      files = all.filter(file -> file.toString().endsWith("Config.java") || isEnum(file)).toList();
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      DocTrees docs = DocTrees.instance(task);
      List<CompilationUnitTree> units = new ArrayList<>();
      task.parse().forEach(units::add);
      units.forEach(unit -> unit.getTypeDecls().forEach(configuration::readEnum));
      for (CompilationUnitTree unit : units) {
        for (Tree type : unit.getTypeDecls()) {
          TreePath path = new TreePath(new TreePath(unit), type);
          annotation(((ClassTree) type).getModifiers(), "ConfigMapping")
              .ifPresent(prefix -> configuration.group(docs, path, prefix, Map.of()));
        }
      }
    }
    return configuration.keys;
  }

  private static boolean isEnum(Path file) {
    String name = file.getFileName().toString();
    try {
      return name.endsWith(".java")
          && Files.readString(file).contains("enum " + name.replace(".java", " {"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readEnum(Tree type) {
    if (type.getKind() == Tree.Kind.ENUM) {
      enums.put(((ClassTree) type).getSimpleName().toString(), values((ClassTree) type));
    }
  }

  private void group(DocTrees docs, TreePath path, String prefix, Map<String, TreePath> outer) {
    Map<String, TreePath> groups = new HashMap<>(outer);
    List<TreePath> methods = new ArrayList<>();
    for (Tree member : ((ClassTree) path.getLeaf()).getMembers()) {
      if (member instanceof ClassTree type) {
        groups.put(type.getSimpleName().toString(), new TreePath(path, member));
      } else if (member instanceof MethodTree method && method.getBody() == null) {
        methods.add(new TreePath(path, member));
      }
    }
    methods.forEach(method -> method(docs, method, prefix, groups));
  }

  private void method(DocTrees docs, TreePath path, String prefix, Map<String, TreePath> groups) {
    MethodTree method = (MethodTree) path.getLeaf();
    String type = String.valueOf(method.getReturnType());
    Matcher map = MAP.matcher(type);
    if (map.matches()) { // of entries by name, directly below the prefix
      String entry = prefix.endsWith("pages") ? ".\"<id>\"" : ".\"<name>\"";
      group(docs, groups.get(map.group(1)), prefix + entry, groups);
      return;
    }
    String name =
        prefix
            + "."
            + annotation(method.getModifiers(), "WithName")
                .orElse(StringUtil.skewer(method.getName().toString()));
    TreePath group = groups.get(type);
    if (group != null && group.getLeaf().getKind() == Tree.Kind.INTERFACE) {
      group(docs, group, name, groups);
      return;
    }
    String javadoc = docs.getDocComment(path);
    Key key =
        new Key(
            name,
            group == null ? enums.getOrDefault(type, type) : values((ClassTree) group.getLeaf()),
            annotation(method.getModifiers(), "WithDefault"),
            javadoc == null ? "" : javadoc.strip().replaceAll("\\s+", " "));
    // Two packages may read one key; they agree on it, and the longer text is quoted.
    keys.merge(name, key, (a, b) -> a.meaning().length() >= b.meaning().length() ? a : b);
  }

  private static String values(ClassTree constants) {
    return constants.getMembers().stream()
        .filter(member -> member.getKind() == Tree.Kind.VARIABLE)
        .map(member -> ((VariableTree) member).getName().toString())
        .map(name -> StringUtil.skewer(name.toLowerCase(Locale.ROOT)))
        .reduce((a, b) -> a + "|" + b)
        .orElseThrow();
  }

  private static Optional<String> annotation(ModifiersTree modifiers, String name) {
    return modifiers.getAnnotations().stream()
        .filter(annotation -> annotation.getAnnotationType().toString().equals(name))
        .map(AnnotationTree::getArguments)
        .map(arguments -> LITERAL.matcher(arguments.get(0).toString()))
        .filter(Matcher::find)
        .map(literal -> literal.group(1))
        .findFirst();
  }
}
