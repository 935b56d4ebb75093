package dev.spectron.training.corpus;

/**
 * One question clip to render.
 *
 * @param id name in the manifest
 */
record PlannedClip(String id, Split split, Question question, Voice voice, Variation variation) {
  PlannedClip {
    split.admit(question);
    Voices.admit(split, voice);
  }

  /** The same clip under another name. */
  PlannedClip named(String other) {
    return new PlannedClip(other, split, question, voice, variation);
  }

  Utterance utterance() {
    return new Utterance(
        voice, question.question(), variation.synthesizedRate(), variation.synthesizedPitch());
  }
}
