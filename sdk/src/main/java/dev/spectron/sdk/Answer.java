package dev.spectron.sdk;

/**
 * A spoken answer and how it came about. Immutable; stays valid after the model is closed.
 *
 * @param transcript what the model heard; empty for a model that does not write it
 * @param text the answer in words
 * @param spectrogram the answer as the model wrote it, frame by frame
 * @param speech the answer's sound
 * @param ended whether the model ended the speech itself; false if the limit of frames cut it off
 * @param timings how long it took
 */
public record Answer(
    String transcript,
    String text,
    Spectrogram spectrogram,
    Speech speech,
    boolean ended,
    Timings timings) {}
