package dev.spectron.training.corpus;

import dev.spectron.core.error.TrainingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Sentences to continue: of LibriSpeech's (CC BY 4.0, Panayotov et al. 2015) test texts, those of
 * 12 to 20 words that are all common there.
 */
public final class Sentences {
  /** Category of corpus items that are a sentence cut in two. */
  public static final String CATEGORY = "continuation";

  private static final String FILE = "mini/sentences.txt";
  private static final int MAX_BYTES = 16 << 20;

  private Sentences() {}

  /** All of them in {@link DomainText} form, held-out ones too. */
  public static List<String> mini() {
    try (InputStream in = Sentences.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new TrainingException(
            FILE + ": expected it beside the classes, found nothing; rebuild training");
      }
      return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new TrainingException(FILE + " cannot be read", e);
    }
  }

  /** {@link #mini} without the held-out ones. */
  public static List<String> training() {
    return mini().stream().filter(sentence -> !isHeldOut(sentence)).toList();
  }

  /** Whether the split rule keeps this sentence out of training. */
  public static boolean isHeldOut(String sentence) {
    return Split.isHeldOut(CATEGORY, key(sentence));
  }

  static String key(String sentence) {
    return "sentence " + sentence;
  }
}
