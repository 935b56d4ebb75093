/**
 * Talking with a model: sound in from a microphone, answers out to a loudspeaker, turn by turn.
 * {@link dev.spectron.live.LiveSession} is where to begin; it runs on the clock of its {@link
 * dev.spectron.live.SoundInput}, which may be a device's or that of {@link
 * dev.spectron.live.VirtualSound}, where files take the place of both and time is simulated.
 */
package dev.spectron.live;
