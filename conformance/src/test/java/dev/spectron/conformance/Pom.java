package dev.spectron.conformance;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * What the rules ask of one pom.
 *
 * @param folder where it lies
 * @param artifactId its own
 * @param modules folders of its modules
 * @param dependencies its own, not those under management
 * @param text the whole file
 */
record Pom(
    Path folder,
    String artifactId,
    List<String> modules,
    List<Dependency> dependencies,
    String text) {
  /**
   * One dependency.
   *
   * @param groupId owner
   * @param artifactId name
   * @param scope {@code compile} where none is named
   * @param optional whether users of the module do not inherit it
   */
  record Dependency(String groupId, String artifactId, String scope, boolean optional) {
    boolean isOurs() {
      return groupId.equals("dev.spectron");
    }
  }

  static Pom read(Path file) {
    Element project;
    String text;
    try {
      text = java.nio.file.Files.readString(file);
      project =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(file.toFile())
              .getDocumentElement();
    } catch (Exception e) {
      throw new IllegalStateException(file + ": expected a pom", e);
    }
    List<String> modules =
        children(project, "modules").stream()
            .flatMap(list -> children(list, "module").stream())
            .map(module -> module.getTextContent().strip())
            .toList();
    List<Dependency> dependencies =
        children(project, "dependencies").stream()
            .flatMap(list -> children(list, "dependency").stream())
            .map(Pom::dependency)
            .toList();
    return new Pom(
        file.toAbsolutePath().getParent(),
        text(project, "artifactId", ""),
        modules,
        dependencies,
        text);
  }

  /** The artifacts of this project that this module needs in {@code scope}. */
  List<String> ours(String scope) {
    return dependencies.stream()
        .filter(dependency -> dependency.isOurs() && dependency.scope().equals(scope))
        .map(Dependency::artifactId)
        .sorted()
        .toList();
  }

  /** The artifacts of others that this module compiles against. */
  List<String> libraries() {
    return dependencies.stream()
        .filter(dependency -> !dependency.isOurs() && dependency.scope().equals("compile"))
        .map(dependency -> dependency.groupId() + ":" + dependency.artifactId())
        .sorted()
        .toList();
  }

  private static Dependency dependency(Element element) {
    return new Dependency(
        text(element, "groupId", ""),
        text(element, "artifactId", ""),
        text(element, "scope", "compile"),
        Boolean.parseBoolean(text(element, "optional", "false")));
  }

  private static String text(Element parent, String name, String otherwise) {
    return children(parent, name).stream()
        .findFirst()
        .map(child -> child.getTextContent().strip())
        .orElse(otherwise);
  }

  private static List<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        found.add(element);
      }
    }
    return found;
  }
}
