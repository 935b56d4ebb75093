/** What HTTP and WebSocket have in common: limits, errors in the form of OpenAI's API, JSON. */
package dev.spectron.server.api;
