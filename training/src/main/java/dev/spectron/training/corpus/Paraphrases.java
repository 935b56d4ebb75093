package dev.spectron.training.corpus;

import dev.spectron.core.error.TrainingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Other wordings of the domain's questions. Some wordings are for training; the others are never
 * trained, so that they measure what the model makes of words it was not taught.
 */
public final class Paraphrases {
  private static final String TRAIN = "train";
  private static final String HELD_OUT = "held_out";

  private static final List<Template> TEMPLATES =
      TableResource.read(
          "mini/paraphrases.tsv", "category\tquestion\tparaphrase\tuse", Template::of);

  private static final List<Pattern> HELD_OUT_WORDINGS =
      TEMPLATES.stream()
          .filter(Template::heldOut)
          .map(template -> wording(template.paraphrase))
          .toList();

  private Paraphrases() {}

  /** The questions in every wording of training that fits them. */
  public static List<Question> training(List<Question> questions) {
    return of(questions, template -> !template.heldOut);
  }

  /** The questions in every wording that training never has. */
  public static List<Question> heldOut(List<Question> questions) {
    return of(questions, Template::heldOut);
  }

  /**
   * Whether a question is in a wording that training never has.
   *
   * @param questionText in {@link DomainText} form
   */
  public static boolean isHeldOut(String questionText) {
    return HELD_OUT_WORDINGS.stream().anyMatch(wording -> wording.matcher(questionText).matches());
  }

  private static List<Question> of(List<Question> questions, Predicate<Template> use) {
    List<Question> paraphrases = new ArrayList<>();
    for (Question question : questions) {
      TEMPLATES.stream()
          .filter(use)
          .filter(template -> template.category.equals(question.category()))
          .forEach(template -> template.addTo(paraphrases, question));
    }
    return List.copyOf(paraphrases);
  }

  /** {@code {x}} and {@code {y}} stand for the same words on both sides. */
  private record Template(String category, Pattern question, String paraphrase, boolean heldOut) {
    static Template of(String[] cells) {
      if (!cells[3].equals(TRAIN) && !cells[3].equals(HELD_OUT)) {
        throw new TrainingException(
            "use: expected " + TRAIN + " or " + HELD_OUT + ", found \"" + cells[3] + "\"");
      }
      return new Template(
          cells[0],
          pattern(Pattern.quote(cells[1]).replace("{x}", "\\E{x}\\Q").replace("{y}", "\\E{y}\\Q")),
          cells[2],
          cells[3].equals(HELD_OUT));
    }

    void addTo(List<Question> paraphrases, Question question) {
      Matcher matcher = this.question.matcher(question.question());
      if (matcher.matches()) {
        String x = matcher.group("x");
        String y = matcher.namedGroups().containsKey("y") ? matcher.group("y") : "";
        boolean starts = paraphrase.startsWith("{x}");
        paraphrases.add(
            new Question(
                question.category(),
                question.key(),
                slots(paraphrase, starts ? x : inside(x), y),
                question.answer(),
                question.shortAnswer()));
      }
    }

    /** An article that began the sentence does not begin it any more. */
    private static String inside(String words) {
      return words.matches("(A|An|The) .*")
          ? words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1)
          : words;
    }
  }

  /** The pattern of a paraphrase's normal form. */
  private static Pattern wording(String paraphrase) {
    String text = DomainText.normalise(slots(paraphrase, "slotx", "sloty"));
    return pattern(text.replace("slotx", "{x}").replace("sloty", "{y}"));
  }

  private static String slots(String template, String x, String y) {
    return template.replace("{x}", x).replace("{y}", y);
  }

  private static Pattern pattern(String template) {
    return Pattern.compile(template.replace("{x}", "(?<x>.+)").replace("{y}", "(?<y>.+)"));
  }
}
