/**
 * The {@code spectron} command: reads arguments, calls the SDK or the training, prints. It holds no
 * logic of its own. Read {@link dev.spectron.cli.Main} first, then the class of a sub-command.
 */
package dev.spectron.cli;
