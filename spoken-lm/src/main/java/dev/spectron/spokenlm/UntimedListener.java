package dev.spectron.spokenlm;

/** Keeps the time a listener takes out of the times of the stages. */
record UntimedListener(AnswerListener listener, Stopwatch watch) implements AnswerListener {
  @Override
  public void transcript(String words) {
    watch.without(() -> listener.transcript(words));
  }

  @Override
  public void text(String words) {
    watch.without(() -> listener.text(words));
  }

  @Override
  public void stage(AnswerStage stage, double milliseconds) {
    watch.without(() -> listener.stage(stage, milliseconds));
  }

  @Override
  public void speech(long position, float[] samples, int sampleRate) {
    watch.without(() -> listener.speech(position, samples, sampleRate));
  }
}
