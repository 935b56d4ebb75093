package dev.spectron.importers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What others call a stage's tensors. A row has two names, in which {@code #} stands for the index
 * of a layer; what follows a row's name, such as {@code .weight}, is the same on both sides unless
 * the row says it. A row with an index in place of {@code #} goes before one without.
 */
final class NameTable {
  private static final Pattern INDEX = Pattern.compile("(?<=\\.)\\d+(?=\\.)");

  private final Map<String, Row> rows = new LinkedHashMap<>();

  /**
   * A row.
   *
   * @param theirs their name, with {@code #} for each index
   * @param layout how their values lie
   */
  record Row(String theirs, Layout layout) {}

  /** Adds a row whose values lie as ours do. */
  NameTable row(String ours, String theirs) {
    return row(ours, theirs, new Layout.Same());
  }

  /** Adds a row. */
  NameTable row(String ours, String theirs, Layout layout) {
    rows.put(ours, new Row(theirs, layout));
    return this;
  }

  /**
   * Their name and layout of one of our tensors.
   *
   * @throws IllegalStateException if there is no row for it
   */
  Row theirs(String ours) {
    Matcher index = INDEX.matcher(ours);
    List<String> indices = index.results().map(found -> found.group()).toList();
    String general = index.replaceAll("#");
    int dot = ours.lastIndexOf('.');
    String suffix = dot < 0 ? "" : ours.substring(dot);
    String module = ours.substring(0, Math.max(dot, 0));
    String generalModule = general.substring(0, Math.max(general.lastIndexOf('.'), 0));
    Row whole = rows.get(general);
    if (whole != null) {
      suffix = "";
    } else {
      whole = rows.getOrDefault(module, rows.get(generalModule));
    }
    if (whole == null) {
      throw new IllegalStateException("name table: " + ours + ": no row for it");
    }
    String theirs = whole.theirs + suffix;
    for (String i : indices) {
      theirs = theirs.replaceFirst("#", i);
    }
    return new Row(theirs, whole.layout);
  }
}
