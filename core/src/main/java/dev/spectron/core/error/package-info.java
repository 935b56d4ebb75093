/**
 * The one exception tree of Spectron. Every message says where, what was expected, what was found
 * and what to do. Start with {@link dev.spectron.core.error.SpokenLmException}.
 */
package dev.spectron.core.error;
