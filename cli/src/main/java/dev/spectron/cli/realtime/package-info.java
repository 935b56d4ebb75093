/** Clients of our own server, to measure it with. */
package dev.spectron.cli.realtime;
