package dev.spectron.sdk;

/**
 * One exchange of a conversation, as text.
 *
 * @param transcript what was asked, as the model heard it
 * @param text what was answered
 */
public record Turn(String transcript, String text) {}
