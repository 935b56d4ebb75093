/**
 * The events of OpenAI's Realtime API, general availability, as far as {@code server/README.md}
 * says; text in, text out, without a transport.
 */
package dev.spectron.server.realtime;
