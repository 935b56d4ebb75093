package dev.spectron.training.speaker;

import dev.spectron.core.signal.Waveform;
import java.util.function.Supplier;

/**
 * One utterance of one speaker.
 *
 * @param id unique in its set
 * @param speaker who speaks
 * @param varied whether pitch and vocal tract were changed, nobody knows how far: it sounds like
 *     the speaker of no other clip
 * @param sound reads it; throws a typed exception where it cannot
 */
record SpeakerClip(String id, String speaker, boolean varied, Supplier<Waveform> sound) {}
