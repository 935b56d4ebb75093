package dev.spectron.live;

/**
 * A sound device of this machine.
 *
 * @param name as the system calls it
 * @param description more of that
 * @param input whether it can be listened to
 * @param output whether it can be played on
 * @param inputFormat what would be opened to listen, such as {@code 48000 Hz, 16 bits, 2 channels};
 *     empty if it cannot
 * @param outputFormat what would be opened to play; empty if it cannot
 */
public record SoundDevice(
    String name,
    String description,
    boolean input,
    boolean output,
    String inputFormat,
    String outputFormat) {}
