/**
 * The stable API: open a model, ask it a spoken question, take its spoken answer. No type of any
 * other package appears in a public signature, but for exceptions. Read {@link
 * dev.spectron.sdk.Spectron} first, then {@link dev.spectron.sdk.Conversation} and {@link
 * dev.spectron.sdk.AnswerEvent}.
 *
 * <p>What goes wrong is thrown as an unchecked exception of {@link dev.spectron.core.error}, which
 * belongs to this promise: {@link dev.spectron.core.error.SpokenLmException} is the root, every
 * exception has a {@link dev.spectron.core.error.ErrorCode} that stays the same, and every message
 * says where, what was expected and what was found. A wrong argument is an {@link
 * IllegalArgumentException}, a call that the state does not allow, such as one after {@code close},
 * a {@link dev.spectron.core.error.MisuseException}, which is an {@link IllegalStateException}.
 */
package dev.spectron.sdk;
