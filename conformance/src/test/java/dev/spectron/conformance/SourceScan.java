package dev.spectron.conformance;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.Tree.Kind;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Sources as the compiler parses them; each question answers with places, in the order of files.
 */
final class SourceScan {
  private static final Set<String> TESTS =
      Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "Property");

  private final Trees trees;
  private final List<CompilationUnitTree> units = new ArrayList<>();

  private SourceScan(JavacTask task) throws IOException {
    trees = Trees.instance(task);
    task.parse().forEach(units::add);
  }

  static SourceScan of(List<Path> files) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<Path> sorted = files.stream().sorted().toList();
      return new SourceScan(
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(sorted)));
    } catch (IOException e) {
      throw new UncheckedIOException("sources cannot be parsed", e);
    }
  }

  /** Public methods that may hand out {@code null}. */
  List<String> nullReturns() {
    return findings(
        report ->
            new TreePathScanner<Void, MethodTree>() {
              @Override
              public Void visitMethod(MethodTree method, MethodTree outer) {
                return super.visitMethod(method, method);
              }

              @Override
              public Void visitLambdaExpression(LambdaExpressionTree lambda, MethodTree method) {
                return null; // a lambda may have to return null, as a Callable<Void> does
              }

              @Override
              public Void visitReturn(ReturnTree statement, MethodTree method) {
                if (mayBeNull(statement.getExpression()) && isPublic(method.getModifiers())) {
                  report.accept(statement, method.getName() + " returns null");
                }
                return super.visitReturn(statement, method);
              }
            });
  }

  /**
   * Public types and public methods without javadoc.
   *
   * @param asked which method and type names are owed javadoc
   */
  List<String> undocumented(Predicate<String> asked) {
    return findings(
        report ->
            new TreePathScanner<Void, MethodTree>() {
              @Override
              public Void visitClass(ClassTree type, MethodTree outer) {
                check(type, type.getSimpleName().toString(), type.getModifiers());
                return isExported(type.getModifiers()) ? super.visitClass(type, outer) : null;
              }

              @Override
              public Void visitMethod(MethodTree method, MethodTree outer) {
                boolean overrides = has(method.getModifiers(), Set.of("Override"));
                boolean constructor = method.getReturnType() == null;
                if (!overrides && !constructor) {
                  check(method, method.getName().toString(), method.getModifiers());
                }
                return null;
              }

              private void check(Tree tree, String name, ModifiersTree modifiers) {
                TreePath path = getCurrentPath();
                if (asked.test(name)
                    && isExported(modifiers)
                    && trees.getDocComment(path) == null) {
                  report.accept(tree, name + " has no javadoc");
                }
              }

              private boolean isExported(ModifiersTree modifiers) {
                TreePath parent = getCurrentPath().getParentPath();
                boolean inInterface =
                    parent.getLeaf() instanceof ClassTree type
                        && (type.getKind() == Kind.INTERFACE
                            || type.getKind() == Kind.ANNOTATION_TYPE);
                return isPublic(modifiers)
                    || (inInterface && !modifiers.getFlags().contains(Modifier.PRIVATE));
              }
            });
  }

  /** Test classes, suites, benchmarks and test methods whose names do not say so. */
  List<String> misnamedTests() {
    return findings(
        report ->
            new TreePathScanner<Void, MethodTree>() {
              @Override
              public Void visitClass(ClassTree type, MethodTree outer) {
                String name = type.getSimpleName().toString();
                boolean topLevel =
                    getCurrentPath().getParentPath().getLeaf() instanceof CompilationUnitTree;
                boolean isAbstract =
                    type.getKind() == Kind.INTERFACE
                        || type.getModifiers().getFlags().contains(Modifier.ABSTRACT);
                if (topLevel && declares(type, TESTS) && isAbstract && !name.endsWith("Contract")) {
                  report.accept(
                      type, name + " is an abstract suite; its name should end in Contract");
                }
                if (topLevel && declares(type, TESTS) && !isAbstract && !name.endsWith("Test")) {
                  report.accept(type, name + " has tests; its name should end in Test");
                }
                if (topLevel
                    && declares(type, Set.of("Benchmark"))
                    && !name.endsWith("Benchmark")) {
                  report.accept(type, name + " has benchmarks; its name should end in Benchmark");
                }
                return super.visitClass(type, outer);
              }

              @Override
              public Void visitMethod(MethodTree method, MethodTree outer) {
                String name = method.getName().toString();
                if (has(method.getModifiers(), TESTS) && !isSentence(name)) {
                  report.accept(method, name + " is no sentence");
                }
                return super.visitMethod(method, outer);
              }
            });
  }

  /** Two words or more, in camel case: a subject and a verb. */
  private static boolean isSentence(String name) {
    return name.matches("[a-z]+[a-z0-9]*([A-Z][a-z0-9]*)+");
  }

  private interface Question {
    TreePathScanner<Void, MethodTree> with(BiConsumer<Tree, String> report);
  }

  private List<String> findings(Question question) {
    List<String> found = new ArrayList<>();
    for (CompilationUnitTree unit : units) {
      question.with((tree, message) -> found.add(place(unit, tree) + message)).scan(unit, null);
    }
    return found;
  }

  private String place(CompilationUnitTree unit, Tree tree) {
    long start = trees.getSourcePositions().getStartPosition(unit, tree);
    Path file = Path.of(unit.getSourceFile().getName());
    return "%s:%d: ".formatted(file.getFileName(), unit.getLineMap().getLineNumber(start));
  }

  private static boolean isPublic(ModifiersTree modifiers) {
    return modifiers.getFlags().contains(Modifier.PUBLIC);
  }

  private static boolean mayBeNull(ExpressionTree expression) {
    return switch (expression) {
      case null -> false;
      case ParenthesizedTree inner -> mayBeNull(inner.getExpression());
      case ConditionalExpressionTree choice ->
          mayBeNull(choice.getTrueExpression()) || mayBeNull(choice.getFalseExpression());
      default -> expression.getKind() == Kind.NULL_LITERAL;
    };
  }

  private static boolean declares(ClassTree type, Set<String> annotations) {
    return type.getMembers().stream()
        .flatMap(member -> member instanceof MethodTree method ? Stream.of(method) : Stream.empty())
        .anyMatch(method -> has(method.getModifiers(), annotations));
  }

  private static boolean has(ModifiersTree modifiers, Set<String> annotations) {
    return modifiers.getAnnotations().stream()
        .map(AnnotationTree::getAnnotationType)
        .map(type -> type.toString().replaceFirst(".*\\.", ""))
        .anyMatch(annotations::contains);
  }
}
