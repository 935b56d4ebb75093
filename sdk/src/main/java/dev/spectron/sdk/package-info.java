/**
 * The stable API: open a model, ask it a spoken question, take its spoken answer. No type of any
 * other package appears in a public signature. Read {@link dev.spectron.sdk.Spectron} first.
 *
 * <p>What goes wrong is thrown as an unchecked exception of {@link dev.spectron.core.error}, which
 * belongs to this promise: {@link dev.spectron.core.error.SpokenLmException} is the root, and every
 * message says where, what was expected, what was found and what to do. A wrong argument is an
 * {@link IllegalArgumentException}, a call after {@code close} an {@link IllegalStateException}.
 */
package dev.spectron.sdk;
