/**
 * The {@code spectron} command: reads arguments, calls the SDK or the training, prints. It holds no
 * logic of its own.
 */
package dev.spectron.cli;
