package dev.spectron.training.eval;

import dev.spectron.core.signal.Waveform;
import java.util.ArrayList;
import java.util.List;

/**
 * Listens to answers, ceilings and questions.
 *
 * @param recogniser knows the domain's sentences
 * @param domain where the cascade looks answers up
 */
public record Judge(Recogniser recogniser, SpokenDomain domain) {
  /** The sounds around one question. */
  public record Sounds(Waveform answer, Waveform reference, Waveform vocoded, Waveform question) {
    List<Waveform> all() {
      return List.of(answer, reference, vocoded, question);
    }
  }

  /**
   * What is said around each question.
   *
   * @return one element for each of {@code questions}
   */
  public List<Heard> hear(List<Sounds> questions) {
    List<String> texts =
        recogniser.recognise(questions.stream().flatMap(sounds -> sounds.all().stream()).toList());
    List<Heard> heard = new ArrayList<>(questions.size());
    for (int i = 0; i < questions.size(); i++) {
      List<String> four = texts.subList(4 * i, 4 * i + 4);
      String cascade = domain.answers().getOrDefault(four.get(3), "");
      heard.add(new Heard(four.get(0), four.get(1), four.get(2), four.get(3), cascade));
    }
    return heard;
  }
}
