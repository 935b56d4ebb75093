/**
 * The one exception tree of Spectron. Every message says where, what was expected, what was found
 * and what to do, and every exception has a code that stays the same. Start with {@link
 * dev.spectron.core.error.SpokenLmException}; {@link dev.spectron.core.error.ErrorCode} is the
 * list. A fault of the calling program is a {@link dev.spectron.core.error.MisuseException}.
 */
package dev.spectron.core.error;
