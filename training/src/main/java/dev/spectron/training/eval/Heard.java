package dev.spectron.training.eval;

/**
 * What the judge recognised around one question, lower-case words.
 *
 * @param answer in the model's spoken answer
 * @param reference in the synthesizer's rendering of the right answer: what a perfect model could
 *     reach
 * @param vocoded in the same after the model's log-mel spectrogram and vocoder
 * @param question in the question
 * @param cascade the right answer to what was recognised in the question; empty if nobody ever asks
 *     that
 */
public record Heard(
    String answer, String reference, String vocoded, String question, String cascade) {}
