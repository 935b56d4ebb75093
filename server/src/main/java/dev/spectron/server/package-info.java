/** The model as a server: HTTP and WebSocket on Jetty. */
package dev.spectron.server;
